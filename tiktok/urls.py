"""From what people type or paste to a target.

The forms are those of the site and of the apps' share buttons, 2019 to 2026. What is cosmetic in them is
known from the site's own redirects: the user part of a post's URL, the title before an id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from tiktok.errors import InvalidTarget

SITE = "https://www.tiktok.com"
"""Where the site lives; a stand-in lives elsewhere."""

PAGE_HOSTS = frozenset(
    {"tiktok.com", "www.tiktok.com", "m.tiktok.com", "tiktokv.com", "www.tiktokv.com", "m.tiktokv.com"}
)
SHORT_HOSTS = frozenset({"vm.tiktok.com", "vt.tiktok.com"})

FIRST_UPLOADS = datetime(2014, 1, 1, tzinfo=UTC)
"""The oldest posts came from musical.ly, which opened in 2014."""
CLOCK_TOLERANCE = timedelta(days=1)
"""An id may be this much younger than our clock says."""
LONGEST_NAME = 200
"""Characters of a hashtag or a query; longer ones are accidents."""


class TargetKind(StrEnum):
    """What a target is."""

    USER = "user"
    VIDEO = "video"
    HASHTAG = "hashtag"
    SOUND = "sound"
    SEARCH = "search"
    TRENDING = "trending"
    COLLECTION = "collection"
    PLAYLIST = "playlist"
    EFFECT = "effect"
    LIVE = "live"
    SHORT_LINK = "short_link"
    """Must be resolved first, see `tiktok.short_links`."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to crawl."""

    kind: TargetKind
    key: str
    """What tells it from others of its kind: username (else secUid or user id), numeric id, name or query."""
    url: str
    """Canonical page on `SITE`."""
    username: str | None = None
    """The @name, when the form carried one; on posts it is cosmetic and may be another account's."""
    sec_uid: str | None = None
    user_id: str | None = None


FIXES: Mapping[TargetKind | None, str] = {
    None: "give a TikTok URL, an @username, a #hashtag or a video id",
    TargetKind.USER: 'give 2-24 letters, digits, "_" or "." that do not end in ".", or the URL of a profile',
    TargetKind.VIDEO: "give the URL of a post or its 19-digit id",
    TargetKind.HASHTAG: "give one word without spaces, or a URL like https://www.tiktok.com/tag/funny",
    TargetKind.SOUND: "give the sound's number, or a URL like https://www.tiktok.com/music/title-7016547803243022337",
    TargetKind.SEARCH: f"give 1-{LONGEST_NAME} characters to search for",
    TargetKind.TRENDING: "give nothing, or https://www.tiktok.com/explore",
    TargetKind.COLLECTION: "give the collection's number or its URL",
    TargetKind.PLAYLIST: "give the playlist's number or its URL",
    TargetKind.EFFECT: "give the effect's number or its URL",
    TargetKind.LIVE: "give a username, a room's number, or a URL like https://www.tiktok.com/@name/live",
    TargetKind.SHORT_LINK: "give a link like https://vm.tiktok.com/ZMabc123/",
}
"""What to do about text that can't be read, by what was expected."""

_USERNAME = re.compile(r"[a-z0-9._]{1,23}[a-z0-9_]")
_SEC_UID = re.compile(r"MS4wLjABAAAA[A-Za-z0-9_-]{32,64}")
_LONG_ID = re.compile(r"[0-9]{15,20}")
"""A post's or a user's id. Users may have shorter ones, but short digits may as well be a username."""
_NUMBER = re.compile(r"[0-9]{1,20}")
_SLUG = re.compile(r"(?:.*-)?([0-9]{1,20})", re.DOTALL)
"""`{title}-{id}`."""
_SLUG_WITH_TITLE = re.compile(r"[^/]*-[0-9]{5,20}")
_SHORT_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TAG = re.compile(rf"[^\s#/?&\x00-\x1f\x7f\ud800-\udfff]{{1,{LONGEST_NAME}}}")


def read_target(
    text: str,
    expected: TargetKind | None = None,
    *,
    now: datetime | None = None,
    field: str | None = None,
    site: str = SITE,
) -> Target:
    """Read a URL, a name or an id.

    `expected` says what bare words and digits mean and refuses URLs of other kinds (short links excepted:
    they must be resolved first). `now` bounds ids from above, `field` names the argument in the error, URLs
    on `site` are taken for TikTok's. Raises `InvalidTarget`.
    """
    text = text.strip()
    try:
        url = _as_url(text, expected, site)
        target = _from_url(url, site) if url else _WORDS[expected](text)
        _check_kind(target, expected)
        _check_age(target, now)
    except _Unreadable as why:
        fix = why.fix or FIXES[expected]
        raise InvalidTarget(field or expected or "target", text, str(why), fix) from None
    return target


def uploaded_at(video_id: str) -> datetime:
    """When a post was uploaded: the upper half of its id is the time in epoch seconds.

    >>> uploaded_at("7106594312292453675").isoformat()
    '2022-06-07T20:15:27+00:00'
    """
    return datetime.fromtimestamp(int(video_id) >> 32, UTC)


class _Unreadable(Exception):  # noqa: N818  # becomes an InvalidTarget before anyone sees it
    """Why the text is no target, and the fix when it differs from the usual one."""

    def __init__(self, reason: str, fix: str | None = None) -> None:
        super().__init__(reason)
        self.fix = fix


def _check_kind(target: Target, expected: TargetKind | None) -> None:
    if expected and target.kind not in (expected, TargetKind.SHORT_LINK):
        raise _Unreadable(f"is an address of the kind {target.kind}, not {expected}")


def _check_age(target: Target, now: datetime | None) -> None:
    if target.kind is not TargetKind.VIDEO:
        return
    uploaded = uploaded_at(target.key)
    if uploaded < FIRST_UPLOADS or (now and uploaded > now + CLOCK_TOLERANCE):
        raise _Unreadable(
            f"can't be a post: its id says it was uploaded on {uploaded:%Y-%m-%d}", "check the id"
        )


# Words: what a bare text means, by what is expected.


def _user(text: str) -> Target:
    name = text.removeprefix("@")
    if _SEC_UID.fullmatch(name):
        return Target(TargetKind.USER, name, f"{SITE}/@{name}", sec_uid=name)
    if _LONG_ID.fullmatch(name):
        return Target(TargetKind.USER, name, f"{SITE}/@{name}", user_id=name)
    username = name.lower()
    if not _USERNAME.fullmatch(username):
        raise _Unreadable("is not a username", FIXES[TargetKind.USER])
    return Target(TargetKind.USER, username, f"{SITE}/@{username}", username=username)


def _video(video_id: str, user: str = "", form: str = "video") -> Target:
    if not _LONG_ID.fullmatch(video_id):
        raise _Unreadable("holds no post's id", FIXES[TargetKind.VIDEO])
    username = user.lower() if _USERNAME.fullmatch(user.lower()) else None
    return Target(
        TargetKind.VIDEO, video_id, f"{SITE}/@{username or '_'}/{form}/{video_id}", username=username
    )


def _hashtag(text: str) -> Target:
    name = text.removeprefix("#").lower()
    if not _TAG.fullmatch(name):
        raise _Unreadable("is not a hashtag", FIXES[TargetKind.HASHTAG])
    return Target(TargetKind.HASHTAG, name, f"{SITE}/tag/{quote(name, safe='')}")


def _search(text: str, form: str = "") -> Target:
    query = " ".join(text.encode("utf-8", "replace").decode().split())
    if not 0 < len(query) <= LONGEST_NAME:
        raise _Unreadable("is no query", FIXES[TargetKind.SEARCH])
    return Target(TargetKind.SEARCH, query, f"{SITE}/search{form}?q={quote(query, safe='')}")


def _trending(text: str) -> Target:
    if text.lower() not in {"", "trending", "explore", "foryou", "fyp"}:
        raise _Unreadable("is not a feed", FIXES[TargetKind.TRENDING])
    return Target(TargetKind.TRENDING, "trending", f"{SITE}/explore")


def _live(text: str) -> Target:
    if _LONG_ID.fullmatch(text):
        return Target(TargetKind.LIVE, text, f"{SITE}/share/live/{text}")
    user = _user(text)
    return Target(TargetKind.LIVE, user.key, f"{user.url}/live", user.username, user.sec_uid, user.user_id)


def _numbered(kind: TargetKind, folder: str) -> Callable[[str], Target]:
    """Reader of `{title}-{id}` for a kind whose pages live in the folder."""

    def read(text: str) -> Target:
        match = _SLUG.fullmatch(text)
        if not match:
            raise _Unreadable(f"holds no {kind}'s number", FIXES[kind])
        title = text[: match.start(1)].rstrip("-") or "x"
        return Target(kind, match[1], f"{SITE}/{folder}/{quote(title, safe='', errors='replace')}-{match[1]}")

    return read


_sound = _numbered(TargetKind.SOUND, "music")
_effect = _numbered(TargetKind.EFFECT, "sticker")
# The user part is cosmetic here as it is on posts.
_playlist = _numbered(TargetKind.PLAYLIST, "@_/playlist")
_collection = _numbered(TargetKind.COLLECTION, "@_/collection")


def _short_link(code: str, folder: str = "vm.tiktok.com") -> Target:
    if not _SHORT_CODE.fullmatch(code):
        raise _Unreadable("is not a short link", FIXES[TargetKind.SHORT_LINK])
    return Target(TargetKind.SHORT_LINK, code, f"https://{folder}/{code}/")


def _anything(text: str) -> Target:
    if text.startswith("#"):
        return _hashtag(text)
    if _LONG_ID.fullmatch(text):
        return _video(text)
    if _SLUG_WITH_TITLE.fullmatch(text) and not _SEC_UID.fullmatch(text):
        return _sound(text)
    try:
        return _user(text)
    except _Unreadable:
        raise _Unreadable("names nothing on TikTok", FIXES[None]) from None


_WORDS: Mapping[TargetKind | None, Callable[[str], Target]] = {
    None: _anything,
    TargetKind.USER: _user,
    TargetKind.VIDEO: _video,
    TargetKind.HASHTAG: _hashtag,
    TargetKind.SOUND: _sound,
    TargetKind.SEARCH: _search,
    TargetKind.TRENDING: _trending,
    TargetKind.COLLECTION: _collection,
    TargetKind.PLAYLIST: _playlist,
    TargetKind.EFFECT: _effect,
    TargetKind.LIVE: _live,
    TargetKind.SHORT_LINK: _short_link,
}


# URLs: the path decides.

_PATHS: tuple[tuple[re.Pattern[str], Callable[..., Target]], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"@([^/]*)/(video|photo)/([^/]+)", lambda user, form, number: _video(number, user, form)),
        (r"(?:share/video|v|embed|embed/v2|player/v1)/([0-9]+)(?:\.html)?", _video),
        (r"@([^/]+)/live", _live),
        (r"share/live/([0-9]+)", _live),
        (r"@[^/]*/playlist/([^/]+)", _playlist),
        (r"@[^/]*/collection/([^/]+)", _collection),
        (r"(?:embed/)?@([^/]+)", _user),
        (r"(?:embed/)?tag/([^/]+)", _hashtag),
        (r"(?:embed/)?music/([^/]+)", _sound),
        (r"sticker/([^/]+)", _effect),
        (r"(explore|foryou)", _trending),
        # A page about a term, made for search engines: the nearest thing that can be asked is the search.
        (r"discover/([^/]+)", lambda term: _search(term.replace("-", " "))),
        (r"t/([^/]+)", lambda code: _short_link(code, "www.tiktok.com/t")),
    )
)
_SEARCH_PATH = re.compile(r"search(/video|/user)?")


def _as_url(text: str, expected: TargetKind | None, site: str) -> SplitResult | None:
    """The text as a URL, with or without its scheme; `None` when it is a word."""
    if "://" not in text:
        host = re.split(r"[/?#]", text, maxsplit=1)[0].lower()
        is_ours = host in PAGE_HOSTS | SHORT_HOSTS or host == urlsplit(site).netloc
        is_foreign = "." in host and "/" in text and not host.startswith(("@", "#"))
        takes_any_text = expected in (TargetKind.SEARCH, TargetKind.HASHTAG)
        if not is_ours and (not is_foreign or takes_any_text):
            return None
        text = f"https://{text}"
    try:
        return urlsplit(text)
    except ValueError:
        raise _Unreadable("is not a URL") from None


def _from_url(url: SplitResult, site: str) -> Target:
    path = url.path.strip("/")
    host = "www.tiktok.com" if url.netloc == urlsplit(site).netloc else url.netloc.lower()
    if url.scheme not in ("http", "https") or host not in PAGE_HOSTS | SHORT_HOSTS:
        raise _Unreadable("is not an address of tiktok.com")
    if host in SHORT_HOSTS:
        return _short_link(path, host)
    if match := _SEARCH_PATH.fullmatch(path):
        return _search(parse_qs(url.query).get("q", [""])[0], match[1] or "")
    for pattern, reader in _PATHS:
        if match := pattern.fullmatch(path):
            return reader(*map(unquote, match.groups()))
    raise _Unreadable("is a page of TikTok that can't be crawled" if path else "is only TikTok's front page")
