"""What can be crawled in the shop, and the addresses it has there (facts of the shop, 2).

The region is a part of the address. As long as none is chosen, a target says so, and `in_region` chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import parse_qs, quote, unquote

from tiktok.targets import FIXES, SITE, Target, TargetKind, Unreadable, search_target

SHOP_SITE = "https://shop.tiktok.com"
"""Where the shop lives."""
INDONESIA = "https://shop-id.tokopedia.com"
"""Where the shop of Indonesia lives since TikTok took Tokopedia over."""
SHOP_HOSTS = frozenset({"shop.tiktok.com", "shop-id.tokopedia.com", "oec-api.tiktokv.com"})
REGION = re.compile(r"[a-z]{2}")
"""Countries stand in addresses as two small letters."""

_SHOPS_ID = re.compile(r"[0-9]{15,21}")
_CATEGORY_ID = re.compile(r"[0-9]{4,21}")
_SLUG = "x"
"""Stands where an address wants words and none are known: they are cosmetic."""


def product_url(product_id: str) -> str:
    """The address of a product that names no country."""
    return f"{SHOP_SITE}/view/product/{product_id}"


def product_target(text: str, region: str | None = None) -> Target:
    """A product by its number."""
    if not _SHOPS_ID.fullmatch(text):
        raise Unreadable("holds no product's number", FIXES[TargetKind.PRODUCT])
    url = f"{_storefront(region)}/pdp/{text}" if region else product_url(text)
    return Target(TargetKind.PRODUCT, text, url, region=region, word=text)


def shop_search_target(text: str, region: str | None = None) -> Target:
    """A search of the shop."""
    query = search_target(text).key
    url = f"{SHOP_SITE}/{_folder(region)}/s?q={quote(query, safe='')}"
    return Target(TargetKind.SHOP_SEARCH, _key(query, region), url, region=region, word=query)


def category_target(text: str, region: str | None = None) -> Target:
    """A category by its number, or by its words and number as they stand in its address."""
    slug, number = _slug_and_number(text, _CATEGORY_ID, TargetKind.SHOP_CATEGORY)
    url = f"{_storefront(region)}/c/{slug}/{number}"
    word = f"{slug}/{number}"
    return Target(TargetKind.SHOP_CATEGORY, _key(number, region), url, region=region, word=word)


def store_target(text: str, region: str | None = None) -> Target:
    """A seller's store by its number, or by its words and number as they stand in its address."""
    slug, number = _slug_and_number(text, _SHOPS_ID, TargetKind.STORE)
    url = f"{SHOP_SITE}/{_folder(region)}/store/{slug}/{number}"
    return Target(TargetKind.STORE, number, url, region=region, word=f"{slug}/{number}")


def shop_trending_target(text: str, region: str | None = None) -> Target:
    """What the shop shows first: at home, in a category, or what sells best among what some words find."""
    folder = f"/{region.lower()}" if region else ""
    if text in ("", "home"):
        return Target(
            TargetKind.SHOP_TRENDING, _key("home", region), f"{SITE}/shop{folder}", region=region, word="home"
        )
    narrow = category_target if _is_category(text) else shop_search_target
    found = narrow(text, region)
    return Target(TargetKind.SHOP_TRENDING, found.key, found.url, region=region, word=found.word)


SHOP_WORDS: Mapping[TargetKind | None, Callable[..., Target]] = MappingProxyType(
    {
        TargetKind.PRODUCT: product_target,
        TargetKind.SHOP_SEARCH: shop_search_target,
        TargetKind.SHOP_CATEGORY: category_target,
        TargetKind.STORE: store_target,
        TargetKind.SHOP_TRENDING: shop_trending_target,
    }
)
"""Readers of bare words, by what is expected; each takes the region, too."""


def in_region(target: Target, region: str) -> Target:
    """The same target in a storefront, where its address named none."""
    if target.region or target.kind not in SHOP_WORDS:
        return target
    return SHOP_WORDS[target.kind](target.word, region)


def category_of(target: Target) -> str | None:
    """The number of the category whose feed the target is."""
    is_feed = target.kind in (TargetKind.SHOP_CATEGORY, TargetKind.SHOP_TRENDING) and _is_category(
        target.word
    )
    return target.word.rpartition("/")[2] if is_feed else None


def is_search_of_best_sellers(target: Target) -> bool:
    """True where only the order by pieces sold makes a search tell what trends."""
    return target.kind is TargetKind.SHOP_TRENDING and not _is_category(target.word) and target.word != "home"


_PATHS: tuple[tuple[re.Pattern[str], Callable[[str, str | None], Target]], ...] = tuple(
    (re.compile(rf"(?:shop/)?(?:(?P<region>[a-z]{{2}})/)?{pattern}"), reader)
    for pattern, reader in (
        (r"pdp/(?:[^/]+/)?(?P<word>[0-9]+)", product_target),
        (r"view/product/(?P<word>[0-9]+)", product_target),
        (r"s/(?P<word>[^/]+)", shop_search_target),
        # A landing page about some words, made for search engines.
        (r"k/(?P<word>[^/]+)", lambda words, region: shop_search_target(words.replace("-", " "), region)),
        (r"c/(?P<word>[^/]+/[0-9]+)", category_target),
        (r"store/(?P<word>[^/]+/[0-9]+)", store_target),
    )
)
_SEARCH = re.compile(r"(?:shop/)?(?:(?P<region>[a-z]{2})/)?s")
_HOME = re.compile(r"shop(?:/(?P<region>[a-z]{2}))?")
_HOME_OF_ITS_OWN = re.compile(r"(?P<region>[a-z]{2})?")


def read_shop_address(host: str, path: str, query: str) -> Target | None:
    """The target of an address of the shop, on any of its hosts; `None` for addresses that are not the shop's."""
    is_shops = host in SHOP_HOSTS
    everywhere = "ID" if host == "shop-id.tokopedia.com" else None
    told = parse_qs(query)
    if match := _SEARCH.fullmatch(path):
        return shop_search_target(told.get("q", [""])[0], _region(match, everywhere))
    for pattern, reader in _PATHS:
        if match := pattern.fullmatch(path):
            asked = told.get("region", [""])[0].lower()
            everywhere = everywhere or (asked.upper() if REGION.fullmatch(asked) else None)
            return reader(unquote(match["word"]), _region(match, everywhere))
    home = _HOME.fullmatch(path) or (_HOME_OF_ITS_OWN.fullmatch(path) if is_shops else None)
    if home:
        return shop_trending_target("home", _region(home, everywhere))
    if is_shops:
        raise Unreadable("is a page of the shop that can't be crawled")
    return None


def _region(match: re.Match[str], otherwise: str | None) -> str | None:
    return match["region"].upper() if match["region"] else otherwise


def _key(name: str, region: str | None) -> str:
    """Lists differ from country to country."""
    return f"{region}:{name}" if region else name


def _folder(region: str | None) -> str:
    return region.lower() if region else "us"


def _storefront(region: str | None) -> str:
    return INDONESIA if region == "ID" else f"{SHOP_SITE}/{_folder(region)}"


def _is_category(text: str) -> bool:
    """A number, or words and a number as addresses of categories have them."""
    *_, number = text.rpartition("/")
    return bool(_CATEGORY_ID.fullmatch(number)) and text.count("/") <= 1


def _slug_and_number(text: str, number: re.Pattern[str], kind: TargetKind) -> tuple[str, str]:
    """An address's `{slug}/{number}`, or the number alone."""
    slug, _, found = text.rpartition("/")
    if not number.fullmatch(found) or "/" in slug:
        raise Unreadable("holds no number of that kind", FIXES[kind])
    return quote(slug or _SLUG, safe=""), found
