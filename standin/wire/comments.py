"""Comment objects, in the snake case of the older service."""

from __future__ import annotations

from typing import Any

from standin.wire.moment import Moment
from standin.wire.users import author_object
from standin.world.accounts import Account
from standin.world.comments import Comment, comment_id
from standin.world.population import World

_NULLS = ("account_labels", "ad_cover_url", "bold_fields", "cha_list", "cover_url", "events", "followers_detail",
          "geofencing", "item_list", "need_points", "platform_sync_info", "relative_users", "type_label",
          "user_tags", "white_cover_url")  # fmt: skip


def comment_object(
    comment: Comment,
    world: World,
    moment: Moment,
    *,
    replies: int,
    inlined: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return a comment as lists carry it."""
    parent = "0" if comment.parent is None else comment_id(comment.post, comment.parent)
    return {
        "cid": comment.id,
        "aweme_id": comment.post.id,
        "text": comment.text,
        "create_time": comment.created,
        "digg_count": comment.likes,
        "reply_comment_total": replies,
        "reply_comment": inlined or None,
        "reply_id": parent,
        "reply_to_reply_id": "0",
        "comment_language": "en",
        "author_pin": comment.place == 0 and comment.post.number % 4 == 0,
        "stick_position": 1 if comment.place == 0 and comment.post.number % 4 == 0 else 0,
        "is_author_digged": comment.words[4] % 9 == 0,
        "is_high_purchase_intent": False,
        "user_digged": 0,
        "user_buried": False,
        "no_show": False,
        "status": 1,
        "collect_stat": 0,
        "image_list": None,
        "label_list": None,
        "text_extra": [],
        "sort_tags": '{"top_list":1}',
        "share_info": {"acl": {"code": 0, "extra": "{}"}, "desc": "", "title": "", "url": ""},
        "comment_post_item_ids": None,
        "trans_btn_style": 0,
        "user": commenter(comment.writer(world), moment),
    }


def commenter(account: Account, moment: Moment) -> dict[str, Any]:
    """Return the short user of comments."""
    return {
        **dict.fromkeys(_NULLS),
        "uid": account.id,
        "unique_id": account.username,
        "nickname": account.nickname,
        "sec_uid": account.sec_uid,
        "avatar_thumb": {
            "uri": account.id,
            "url_list": [author_object(account, moment)["avatarThumb"]],
            "url_prefix": None,
        },
        "custom_verify": "verified account" if account.role.verified else "",
        "enterprise_verify_reason": "",
    }
