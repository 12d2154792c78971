"""Pages with `SIGI_STATE`: all pages from 2021 to 2023, live rooms to this day.

Posts and users stand in modules by id and by name, lists hold ids only.

Seen: 2023-02 profile (30 posts, `UserModule.stats` with `needFix`), 2023-06 post (empty `UserModule.stats`,
`user-liked` still loading), 2026-02 live room (`LiveRoom`, universal script with the frame beside it).
"""

from __future__ import annotations

from collections.abc import Iterator

from tiktok.items import Item, Video
from tiktok.parsing.details import parse_detail
from tiktok.parsing.posts import parse_post
from tiktok.parsing.results import ListPage, Parsed, distinct, merged
from tiktok.parsing.rows import read_cursor
from tiktok.parsing.users import parse_user
from tiktok.parsing.values import Json, Object, digits, flag, mapping
from tiktok.parsing.visitors import parse_visitor

_DETAIL_PAGES = ("ChallengePage", "MusicPage", "MusicModule")
_NO_LISTS = ("video",)
"""`ItemList` holds a post's own page as a list of one, whose paging is the player's."""
_LIVE_ENDED = 4


def is_sigi_page(payload: Json) -> bool:
    """Posts or users in modules, or at least the frame of such a page."""
    return any(name in mapping(payload) for name in ("ItemModule", "UserModule", "AppContext"))


def parse_sigi_page(payload: Json) -> Parsed:
    """Read the modules. Users come from their own module first, it tells more than a post's author."""
    state = mapping(payload)
    details = merged(filter(None, (parse_detail(mapping(state.get(name))) for name in _DETAIL_PAGES)))
    posts = [(key, parse_post(mapping(raw))) for key, raw in mapping(state.get("ItemModule")).items()]
    items = distinct([*details.items, *_users(state), *(item for _key, found in posts for item in found)])
    items.sort(key=lambda item: not isinstance(item, Video))
    defects = [f"ItemModule.{key}.id" for key, found in posts if not found]
    return Parsed(
        items=items, page=_page(state), visitor=parse_visitor(state), defects=[*details.defects, *defects]
    )


def is_live_page(payload: Json) -> bool:
    """A live room."""
    return isinstance(mapping(payload).get("LiveRoom"), dict)


def parse_live_page(payload: Json) -> Parsed:
    """Read the account that is live; an ended broadcast leaves the id of its room behind."""
    room = mapping(mapping(mapping(payload).get("LiveRoom")).get("liveRoomUserInfo"))
    told = mapping(room.get("user"))
    user = parse_user(told, mapping(room.get("stats")))
    if user and told.get("status") == _LIVE_ENDED:
        user.live_room_id = None
    defects = ["LiveRoom.liveRoomUserInfo.user.id"] if told and not user else []
    return Parsed(items=[user] if user else [], visitor=parse_visitor(mapping(payload)), defects=defects)


def _users(state: Object) -> Iterator[Item]:
    module = mapping(state.get("UserModule"))
    stats = mapping(module.get("stats"))
    for name, raw in mapping(module.get("users")).items():
        user = parse_user(mapping(raw), mapping(stats.get(name)))
        if user:
            yield user


def _page(state: Object) -> ListPage | None:
    for name, raw in mapping(state.get("ItemList")).items():
        rows = mapping(raw).get("list")
        if name not in _NO_LISTS and isinstance(rows, list) and rows:
            return ListPage(
                keys=[key for row in rows if (key := digits(row))],
                cursor=read_cursor(mapping(raw).get("cursor")),
                has_more=flag(mapping(raw).get("hasMore")),
            )
    return None
