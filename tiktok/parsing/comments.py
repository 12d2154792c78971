"""`comment/list`, `comment/list/reply` and the app's lists of the same shape (facts B.5, F.4).

Replies that are inlined in `reply_comment` follow as items, but are no rows of the list. A comment keeps its
author's id and names; authors make no profile of their own, their objects hold placeholders for counters.

Seen: 2021-08 (app, `reply_comment_total` absent on replies), 2023-02 (users with 110 keys), 2023-12 (cursor
9999999 on the last page), 2026-02 (picture comments, language `un`).
"""

from __future__ import annotations

from tiktok.items import Comment, Item
from tiktok.parsing.results import Parsed
from tiktok.parsing.rows import parse_list
from tiktok.parsing.values import (
    Json,
    Object,
    count,
    digits,
    filled,
    flag,
    integer,
    mapping,
    moment,
    objects,
    text,
    urls,
    username,
)

UNKNOWN_LANGUAGE = "un"


def is_comment_list(payload: Json) -> bool:
    """`comments` is `null` on a list's last page; posts have a `comments` of their own, always empty."""
    answer = mapping(payload)
    return "comments" in answer and ("has_more" in answer or any(objects(answer["comments"])))


def parse_comment_list(payload: Json) -> Parsed:
    """Read a page of comments or replies."""
    answer = mapping(payload)
    return parse_list(
        answer.get("comments"),
        "comments",
        parse_comment,
        cursor=answer.get("cursor"),
        has_more=answer.get("has_more"),
        declared=answer.get("total"),
    )


def parse_comment(row: Object) -> list[Item]:
    """Read a comment and the replies inlined in it."""
    comment_id = digits(row.get("cid"))
    if comment_id is None:
        return []
    replies = [item for reply in objects(row.get("reply_comment")) for item in parse_comment(reply)]
    return [_comment(row, comment_id), *replies]


def _comment(row: Object, comment_id: str) -> Comment:
    user = mapping(row.get("user"))
    language = filled(row.get("comment_language"))
    return Comment(
        id=comment_id,
        video_id=digits(row.get("aweme_id")),
        parent_id=digits(row.get("reply_id")),
        text=text(row.get("text")),
        created_at=moment(row.get("create_time")),
        user_id=digits(user.get("uid")),
        username=username(user.get("unique_id")),
        display_name=filled(user.get("nickname")),
        likes=count(row.get("digg_count")),
        replies_count=count(row.get("reply_comment_total")),
        language=None if language == UNKNOWN_LANGUAGE else language,
        is_pinned=_is_pinned(row),
        is_liked_by_author=flag(row.get("is_author_digged")),
        image_urls=_image_urls(row),
    )


def _is_pinned(row: Object) -> bool | None:
    pinned = flag(row.get("author_pin"))
    position = integer(row.get("stick_position"))
    return (position or 0) > 0 if not pinned and position is not None else pinned


def _image_urls(row: Object) -> list[str]:
    """One link per picture, of the uncropped file."""
    found = (
        urls(image.get("origin_url")) or urls(image.get("crop_url"))
        for image in objects(row.get("image_list"))
    )
    return [links[0] for links in found if links]
