"""Posts: the item struct of every page and list of the web, and the user, sound and hashtags with it.

Seen: 2020-05 lists (17 keys), 2023-02 SIGI (`author` is a string, `stats.collectCount` a string), 2023-12
`item/detail`, 2024-10 lists (`statsV2` exact), 2025-12 mobile page (21 keys, counts inside `author`), 2026-07
page (50 keys). `author` is missing on some broken items, `video` on age-gated ones.
"""

from __future__ import annotations

from tiktok.items import Hashtag, Item, Sound, User, Video, VideoKind
from tiktok.parsing.captions import extras_of, hashtag_names, mentioned, parse_hashtags
from tiktok.parsing.early_posts import as_item
from tiktok.parsing.exactness import Counters, exact_names
from tiktok.parsing.links import post_url
from tiktok.parsing.media import cover_url, duration, images, renditions, subtitles
from tiktok.parsing.sounds import parse_sound
from tiktok.parsing.users import any_flag, parse_user
from tiktok.parsing.values import (
    Object,
    count,
    digits,
    filled,
    flag,
    mapping,
    moment,
    positive,
    text,
    upload_moment,
    username,
)

_COUNTERS = {
    "views": "playCount",
    "likes": "diggCount",
    "shares": "shareCount",
    "comments_count": "commentCount",
    "saves": "collectCount",
    "reposts": "repostCount",
}
_UNKNOWN_LANGUAGE = "un"
_COUNTRY_LETTERS = 2


def parse_post(raw: Object) -> list[Item]:
    """Read a post: its `Video` first, then what came along; nothing when it has no id."""
    return PostReader().read(raw)


class PostReader:
    """Reads the posts of one page, and each author, sound and hashtag that comes along once.

    A profile's page repeats its author fifteen times: reading that again took a third of the page's time.
    """

    def __init__(self) -> None:
        self._seen: set[tuple[type[Item], object]] = set()

    def read(self, raw: Object) -> list[Item]:
        """Read the next post, and of what comes along what the posts before it did not bring."""
        item = as_item(raw) if "itemInfos" in raw else raw
        video_id = digits(item.get("id"))
        if video_id is None:
            return []
        author, music, extras = _author(item), mapping(item.get("music")), extras_of(item)
        names = hashtag_names(item, extras)
        found: list[Item | None] = [_video(item, video_id, author, extras, names)]
        if self._is_first(User, author.get("id")):
            found.append(_user(item, author))
        if self._is_first(Sound, music.get("id")):
            found.append(parse_sound(music))
        if new_names := {name for name in names if self._is_first(Hashtag, name)}:
            found += (hashtag for hashtag in parse_hashtags(item, extras) if hashtag.name in new_names)
        return [each for each in found if each]

    def _is_first(self, item_type: type[Item], key: object) -> bool:
        if not isinstance(key, str | int) or (item_type, key) in self._seen:
            return False
        self._seen.add((item_type, key))
        return True


def _video(item: Object, video_id: str, author: Object, extras: list[Object], hashtags: list[str]) -> Video:
    media = mapping(item.get("video"))
    music = mapping(item.get("music"))
    slides = images(item)
    counters, exact = _counters(item)
    name = username(author.get("uniqueId"))
    return Video(
        id=video_id,
        kind=VideoKind.PHOTO if slides else VideoKind.VIDEO,
        url=post_url(name, video_id, is_photo=bool(slides)),
        description=text(item.get("desc")),
        created_at=moment(item.get("createTime")) or upload_moment(video_id),
        user_id=digits(author.get("id")),
        username=name,
        display_name=filled(author.get("nickname")),
        sec_uid=filled(author.get("secUid")),
        sound_id=digits(music.get("id")),
        sound_title=filled(music.get("title")),
        hashtags=hashtags,
        mentions=mentioned(extras),
        exact_counters=exact,
        duration=None if slides else duration(media),
        width=positive(media.get("width")),
        height=positive(media.get("height")),
        cover_url=cover_url(item),
        images=slides,
        renditions=renditions(media),
        subtitles=subtitles(media),
        language=_language(item.get("textLanguage")),
        region=_country(item.get("locationCreated")),
        place=filled(mapping(item.get("poi")).get("name")),
        playlist_id=digits(item.get("playlistId")),
        duet_of_id=digits(mapping(item.get("duetInfo")).get("duetFromId")),
        is_pinned=flag(item.get("isPinnedItem")),
        is_ad=any_flag(item.get("isAd"), item.get("adAuthorization")),
        is_ai_generated=any_flag(item.get("IsAigc"), _is_labelled(item.get("aigcLabelType"))),
        is_private=any_flag(item.get("privateItem"), item.get("secret")),
        is_taken_down=flag(item.get("takeDown")),
        is_age_gated=flag(item.get("isContentClassified")),
        **counters,
    )


def _counters(item: Object) -> tuple[Counters, frozenset[str]]:
    """Counters by field, and which are exact: `collectCount` is whenever it is served as a string."""
    precise, rounded = mapping(item.get("statsV2")), mapping(item.get("stats"))
    counters: Counters = {}
    for field, key in _COUNTERS.items():
        number = count(precise.get(key))
        counters[field] = count(rounded.get(key)) if number is None else number
    told = precise.get("collectCount")
    saves = rounded.get("collectCount") if count(told) is None else told
    return counters, exact_names(counters, ("saves",) if isinstance(saves, str) else ())


def _author(item: Object) -> Object:
    """The author as an object; SIGI writes a name and spreads the rest over the item."""
    author = item.get("author")
    if isinstance(author, dict):
        return author
    return {
        "id": item.get("authorId"),
        "secUid": item.get("authorSecId"),
        "uniqueId": author,
        "nickname": item.get("nickname"),
        "avatarThumb": item.get("avatarThumb"),
        "privateAccount": item.get("authorPrivate"),
    }


def _user(item: Object, author: Object) -> User | None:
    return parse_user(author, mapping(item.get("authorStats")), mapping(item.get("authorStatsV2")))


def _language(value: object) -> str | None:
    return value if isinstance(value, str) and value and value != _UNKNOWN_LANGUAGE else None


def _country(value: object) -> str | None:
    """A country; advertisements carry `FAKE-AD` in its place."""
    return value if isinstance(value, str) and len(value) == _COUNTRY_LETTERS else None


def _is_labelled(value: object) -> bool | None:
    """`aigcLabelType` is 0 for posts without the label, a positive number otherwise."""
    number = count(value)
    return None if number is None else number > 0
