"""The shapes that payloads come in: an ordered table, the first row that recognises a payload reads it.

Recognition looks at keys only, so it costs next to nothing. Rows that ask for more keys stand above rows that
ask for fewer. Every row has an example among the captures; a test sees to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tiktok.parsing.bare_rows import (
    is_bare_rows,
    is_discover,
    is_foreign_rows,
    parse_bare_rows,
    parse_discover,
    parse_foreign_rows,
)
from tiktok.parsing.challenges import (
    is_app_challenge_detail,
    is_challenge_detail,
    parse_app_challenge_detail,
    parse_challenge_detail,
)
from tiktok.parsing.comments import is_comment_list, parse_comment_list
from tiktok.parsing.details import (
    is_enveloped_detail,
    is_item_detail,
    parse_enveloped_detail,
    parse_item_detail,
)
from tiktok.parsing.embed_pages import is_embed_page, parse_embed_page
from tiktok.parsing.item_lists import is_item_list, parse_item_list
from tiktok.parsing.music import (
    is_app_music_detail,
    is_music_detail,
    parse_app_music_detail,
    parse_music_detail,
)
from tiktok.parsing.next_pages import is_next_page, parse_next_page
from tiktok.parsing.oembed import is_oembed, parse_oembed
from tiktok.parsing.posts import parse_post
from tiktok.parsing.recommend import is_share_discover, parse_share_discover
from tiktok.parsing.results import Parsed
from tiktok.parsing.search import (
    is_app_video_list,
    is_general_search,
    is_item_search,
    is_suggestions,
    is_user_search,
    parse_app_video_list,
    parse_general_search,
    parse_item_search,
    parse_suggestions,
    parse_user_search,
)
from tiktok.parsing.shop_answers import (
    is_product_list,
    is_resold_products,
    parse_lone_product,
    parse_product_list,
    parse_resold_products,
)
from tiktok.parsing.shop_listings import is_listed_product
from tiktok.parsing.shop_pages import is_shop_node, is_shop_page, parse_shop_node, parse_shop_page
from tiktok.parsing.sigi_pages import is_live_page, is_sigi_page, parse_live_page, parse_sigi_page
from tiktok.parsing.universal_pages import has_scope, parse_universal_page
from tiktok.parsing.user_detail import is_user_detail, parse_user_detail
from tiktok.parsing.user_lists import (
    is_app_user_list,
    is_user_list,
    parse_app_user_list,
    parse_user_list,
)
from tiktok.parsing.values import Json

Payload = dict[str, Json] | list[Json]


@dataclass(frozen=True, slots=True)
class Shape:
    """One row: a name for reports, a cheap test, and what to do."""

    name: str
    recognises: Callable[[Payload], bool]
    parse: Callable[[Any], Parsed]


def has(*keys: str) -> Callable[[Payload], bool]:
    """Recognises an object with all these keys."""
    return lambda payload: isinstance(payload, dict) and all(key in payload for key in keys)


SHAPES: tuple[Shape, ...] = (
    Shape("live_page", is_live_page, parse_live_page),
    Shape("sigi_page", is_sigi_page, parse_sigi_page),
    Shape("video_page", has_scope("webapp.video-detail"), parse_universal_page),
    Shape("mobile_video_page", has_scope("webapp.reflow.video.detail"), parse_universal_page),
    Shape("profile_page", has_scope("webapp.user-detail"), parse_universal_page),
    Shape("hashtag_page", has_scope("webapp.challenge-detail"), parse_universal_page),
    Shape("sound_page", has_scope("webapp.music-detail"), parse_universal_page),
    Shape("collection_page", has_scope("sharing.collection.collection_state"), parse_universal_page),
    Shape("next_page", is_next_page, parse_next_page),
    Shape("embed_page", is_embed_page, parse_embed_page),
    Shape("shop_page", is_shop_page, parse_shop_page),
    Shape("shop_node", is_shop_node, parse_shop_node),
    Shape("product_list", is_product_list, parse_product_list),
    Shape("resold_products", is_resold_products, parse_resold_products),
    Shape("listed_product", is_listed_product, parse_lone_product),
    Shape("item", has("id", "desc", "createTime"), lambda raw: Parsed(items=parse_post(raw))),
    Shape("item_detail", is_item_detail, parse_item_detail),
    # Below every shape that may have the frame of a universal page beside it.
    Shape("other_page", has("__DEFAULT_SCOPE__"), parse_universal_page),
    Shape("enveloped_detail", is_enveloped_detail, parse_enveloped_detail),
    Shape("user_detail", is_user_detail, parse_user_detail),
    Shape("challenge_detail", is_challenge_detail, parse_challenge_detail),
    Shape("app_challenge_detail", is_app_challenge_detail, parse_app_challenge_detail),
    Shape("music_detail", is_music_detail, parse_music_detail),
    Shape("app_music_detail", is_app_music_detail, parse_app_music_detail),
    Shape("comment_list", is_comment_list, parse_comment_list),
    Shape("user_list", is_user_list, parse_user_list),
    Shape("app_user_list", is_app_user_list, parse_app_user_list),
    Shape("user_search", is_user_search, parse_user_search),
    Shape("item_search", is_item_search, parse_item_search),
    Shape("app_video_list", is_app_video_list, parse_app_video_list),
    Shape("general_search", is_general_search, parse_general_search),
    Shape("suggestions", is_suggestions, parse_suggestions),
    Shape("share_discover", is_share_discover, parse_share_discover),
    Shape("discover", is_discover, parse_discover),
    Shape("oembed", is_oembed, parse_oembed),
    Shape("bare_rows", is_bare_rows, parse_bare_rows),
    Shape("foreign_rows", is_foreign_rows, parse_foreign_rows),
    Shape("item_list", is_item_list, parse_item_list),
)
