"""What a crawl of the shop is asked for: one of five arguments names the targets, each another kind of thing.

In a job every target carries its kind: `q=iphone case`, `product=1729…`, or an address of the shop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from store.jobs.arguments import Argument, InvalidArgument, switch, word
from store.jobs.filling import Wanted
from tiktok.errors import InvalidTarget
from tiktok.shop_targets import REGION, SHOP_SITE, SHOP_WORDS, shop_trending_target
from tiktok.targets import SITE, Target, TargetKind
from tiktok.urls import read_target

SHOP_KINDS: Mapping[str, TargetKind] = MappingProxyType(
    {
        "q": TargetKind.SHOP_SEARCH,
        "product": TargetKind.PRODUCT,
        "category": TargetKind.SHOP_CATEGORY,
        "store": TargetKind.STORE,
        "trending": TargetKind.SHOP_TRENDING,
    }
)
"""What each argument names."""


def region(name: str, text: str) -> str:
    """A country of two letters, in capitals."""
    if not REGION.fullmatch(text.lower()):
        raise InvalidArgument(
            name, f"{text!r} is not a country of two letters", f"write for example {name}=us"
        )
    return text.upper()


SHOP_TARGET = Argument(
    "target",
    word,
    "q=words, product=…, category=…, store=…, trending, trending=words, or an address of the shop",
)
"""How jobs and schedules name targets of the shop."""
CHOICES = (
    Argument("q", word, "words to search the shop for, or the URL of a search"),
    Argument("product", word, "product's number, URL or short link"),
    Argument("category", word, "category's number or URL; with trending=1 words, too"),
    Argument("store", word, "seller's number, or URL of the store"),
    Argument("trending", switch, "1: what the shop shows first, or sells best of a category", default=False),
)
"""Arguments of which one names the targets."""
SHOP_REGION = Argument("region", region, "country of the storefront, where the address names none: us, gb, …")


def check_choice(values: Mapping[str, Any]) -> None:
    """Raise `InvalidArgument` unless exactly one thing is asked for."""
    given = [choice.name for choice in CHOICES if values[choice.name]]
    if given == ["category", "trending"]:
        return
    if not given:
        raise InvalidArgument("q", "is missing", f"give one of {', '.join(SHOP_KINDS)}")
    if len(given) > 1:
        raise InvalidArgument(given[1], f"can't be given together with {given[0]}", "leave one of them out")


def shop_texts(values: Mapping[str, Any]) -> list[str]:
    """The targets that a spider's arguments name, each with its kind."""
    if values["trending"]:
        return [f"trending={values['category'] or ''}"]
    name = next(choice.name for choice in CHOICES if values[choice.name])
    # A query is one target: its commas belong to it.
    words = [values[name]] if name == "q" else values[name].split(",")
    return [f"{name}={word.strip()}" for word in words if word.strip()]


def read_shop_target(text: str, site: str) -> Wanted:
    """Read a target as people write it; raise `InvalidTarget`."""
    name, _, rest = text.strip().partition("=")
    kind = SHOP_KINDS.get(name.strip())
    read = partial(read_target, site=site, shop_site=SHOP_SITE if site == SITE else site)
    if kind is TargetKind.SHOP_TRENDING:
        target = _trending(rest, read)
    elif kind:
        target = read(rest, kind, field=name)
    else:
        target = read(text, field=SHOP_TARGET.name)
        if target.kind not in (*SHOP_WORDS, TargetKind.SHORT_LINK):
            raise InvalidTarget(SHOP_TARGET.name, text, "is no part of the shop", f"give {SHOP_TARGET.help}")
    return Wanted(text.strip(), target.url if target.kind is TargetKind.SHORT_LINK else _row(target))


def shop_target_of(row: str) -> Target:
    """Make the target of a ledger's row again."""
    if row.startswith("https://"):
        return read_target(row)
    kind, place, name = row.split(":", 2)
    return SHOP_WORDS[TargetKind(kind)](name, place or None)


def _row(target: Target) -> str:
    """A target with its kind and region in one line, short enough for the ledger."""
    return f"{target.kind}:{target.region or ''}:{target.word}"


def _trending(text: str, read: Callable[..., Target]) -> Target:
    """Home, or a category or a search by its words or its address."""
    if "://" in text:
        found = read(text, field="category")
        if found.kind in (TargetKind.SHOP_CATEGORY, TargetKind.SHOP_SEARCH):
            return shop_trending_target(found.word, found.region)
    return read(text, TargetKind.SHOP_TRENDING, field="category")
