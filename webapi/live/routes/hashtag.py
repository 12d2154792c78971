"""`/api/v1/hashtag`: a hashtag and the posts that use it."""

from __future__ import annotations

from typing import Any

from flask import Response

from tiktok.items import Hashtag, Video
from tiktok.lookups import Lookup
from webapi.limits.groups import LIVE_HASHTAG
from webapi.live.answers import answer
from webapi.live.blueprint import LiveBlueprint
from webapi.live.errors import LOOKUP_ERRORS
from webapi.live.examples import HASHTAG as EXAMPLE
from webapi.live.examples import VIDEOS
from webapi.live.schemas import ListArgsSchema, RecordArgsSchema, many, one

HASHTAG = LiveBlueprint("hashtag", "/api/v1/hashtag", LIVE_HASHTAG, "Hashtags and their posts")


@HASHTAG.route("/<hashtag>/info")
@HASHTAG.arguments(RecordArgsSchema, location="query")
@HASHTAG.response(200, one(Hashtag), example=EXAMPLE)
@HASHTAG.errors(*LOOKUP_ERRORS)
def info(given: dict[str, Any], hashtag: str) -> Response:
    """Get a hashtag"""
    return answer(Lookup.HASHTAG, given, hashtag, "hashtag")


@HASHTAG.route("/<hashtag>/videos")
@HASHTAG.arguments(ListArgsSchema, location="query")
@HASHTAG.response(200, many(Video), example=VIDEOS)
@HASHTAG.errors(*LOOKUP_ERRORS)
def videos(given: dict[str, Any], hashtag: str) -> Response:
    """Get a hashtag's videos"""
    return answer(Lookup.HASHTAG_VIDEOS, given, hashtag, "hashtag")
