"""From what people type or paste to a target.

The forms are those of the site and of the apps' share buttons, 2019 to 2026.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tiktok.errors import InvalidTarget
from tiktok.shop_targets import SHOP_HOSTS, SHOP_SITE, SHOP_WORDS, read_shop_address
from tiktok.targets import (
    FIXES,
    SITE,
    WORDS,
    Target,
    TargetKind,
    Unreadable,
    collection_target,
    effect_target,
    hashtag_target,
    live_target,
    playlist_target,
    search_target,
    short_link_target,
    sound_target,
    trending_target,
    user_target,
    video_target,
)

__all__ = ["SITE", "Target", "TargetKind", "read_target", "uploaded_at"]

PAGE_HOSTS = frozenset(
    {"tiktok.com", "www.tiktok.com", "m.tiktok.com", "tiktokv.com", "www.tiktokv.com", "m.tiktokv.com"}
)
SHORT_HOSTS = frozenset({"vm.tiktok.com", "vt.tiktok.com"})

FIRST_UPLOADS = datetime(2014, 1, 1, tzinfo=UTC)
"""The oldest posts came from musical.ly, which opened in 2014."""
CLOCK_TOLERANCE = timedelta(days=1)
"""An id may be this much younger than our clock says."""


def read_target(
    text: str,
    expected: TargetKind | None = None,
    *,
    now: datetime | None = None,
    field: str | None = None,
    site: str = SITE,
    shop_site: str = SHOP_SITE,
) -> Target:
    """Read a URL, a name or an id.

    `expected` says what bare words and digits mean and refuses URLs of other kinds (short links excepted:
    they must be resolved first). `now` bounds ids from above, `field` names the argument in the error, URLs
    on `site` and `shop_site` are taken for TikTok's. Raises `InvalidTarget`.
    """
    text = text.strip()
    try:
        ours = {site: "www.tiktok.com", shop_site: "shop.tiktok.com"}
        names = {urlsplit(address).netloc: host for address, host in ours.items()}
        url = _as_url(text, expected, names)
        target = _from_url(url, names) if url else _WORDS[expected](text)
        _check_kind(target, expected)
        _check_age(target, now)
    except Unreadable as why:
        fix = why.fix or FIXES[expected]
        raise InvalidTarget(field or expected or "target", text, str(why), fix) from None
    return target


def uploaded_at(video_id: str) -> datetime:
    """When a post was uploaded: the upper half of its id is the time in epoch seconds.

    >>> uploaded_at("7106594312292453675").isoformat()
    '2022-06-07T20:15:27+00:00'
    """
    return datetime.fromtimestamp(int(video_id) >> 32, UTC)


def _check_kind(target: Target, expected: TargetKind | None) -> None:
    if expected and target.kind not in (expected, TargetKind.SHORT_LINK):
        raise Unreadable(f"is an address of the kind {target.kind}, not {expected}")


def _check_age(target: Target, now: datetime | None) -> None:
    if target.kind is not TargetKind.VIDEO:
        return
    uploaded = uploaded_at(target.key)
    if uploaded < FIRST_UPLOADS or (now and uploaded > now + CLOCK_TOLERANCE):
        raise Unreadable(
            f"can't be a post: its id says it was uploaded on {uploaded:%Y-%m-%d}", "check the id"
        )


_PATHS: tuple[tuple[re.Pattern[str], Callable[..., Target]], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"@([^/]*)/(video|photo)/([^/]+)", lambda user, form, number: video_target(number, user, form)),
        (r"(?:share/video|v|embed|embed/v2|player/v1)/([0-9]+)(?:\.html)?", video_target),
        (r"@([^/]+)/live", live_target),
        (r"share/live/([0-9]+)", live_target),
        (r"@[^/]*/playlist/([^/]+)", playlist_target),
        (r"@[^/]*/collection/([^/]+)", collection_target),
        (r"(?:embed/)?@([^/]+)", user_target),
        (r"(?:embed/)?tag/([^/]+)", hashtag_target),
        (r"(?:embed/)?music/([^/]+)", sound_target),
        (r"sticker/([^/]+)", effect_target),
        (r"(explore|foryou)", trending_target),
        # A page about a term, made for search engines: the nearest thing that can be asked is the search.
        (r"discover/([^/]+)", lambda term: search_target(term.replace("-", " "))),
        (r"t/([^/]+)", lambda code: short_link_target(code, "www.tiktok.com/t")),
    )
)
_SEARCH_PATH = re.compile(r"search(/video|/user)?")


_WORDS: Mapping[TargetKind | None, Callable[..., Target]] = MappingProxyType({**WORDS, **SHOP_WORDS})
_HOSTS = PAGE_HOSTS | SHORT_HOSTS | SHOP_HOSTS
_ANY_TEXT = frozenset(
    {TargetKind.SEARCH, TargetKind.HASHTAG, TargetKind.SHOP_SEARCH, TargetKind.SHOP_TRENDING}
)
"""Kinds whose bare words may look like addresses."""


def _as_url(text: str, expected: TargetKind | None, names: Mapping[str, str]) -> SplitResult | None:
    """The text as a URL, with or without its scheme; `None` when it is a word."""
    if "://" not in text:
        host = re.split(r"[/?#]", text, maxsplit=1)[0].lower()
        is_ours = host in _HOSTS or host in names
        is_foreign = "." in host and "/" in text and not host.startswith(("@", "#"))
        if not is_ours and (not is_foreign or expected in _ANY_TEXT):
            return None
        text = f"https://{text}"
    try:
        return urlsplit(text)
    except ValueError:
        raise Unreadable("is not a URL") from None


def _from_url(url: SplitResult, names: Mapping[str, str]) -> Target:
    path = url.path.strip("/")
    host = names.get(url.netloc, url.netloc.lower())
    if url.scheme not in ("http", "https") or host not in _HOSTS:
        raise Unreadable("is not an address of tiktok.com")
    if shop := read_shop_address(host, path, url.query):
        return shop
    if host in SHORT_HOSTS:
        return short_link_target(path, host)
    if match := _SEARCH_PATH.fullmatch(path):
        return search_target(parse_qs(url.query).get("q", [""])[0], match[1] or "")
    for pattern, reader in _PATHS:
        if match := pattern.fullmatch(path):
            return reader(*map(unquote, match.groups()))
    raise Unreadable("is a page of TikTok that can't be crawled" if path else "is only TikTok's front page")
