"""`/api/v1/trending`: the feed."""

from __future__ import annotations

from typing import Any

from flask import Response

from tiktok.items import Video
from tiktok.lookups import Lookup
from webapi.limits.groups import LIVE_TRENDING
from webapi.live.answers import answer
from webapi.live.blueprint import LiveBlueprint
from webapi.live.errors import LOOKUP_ERRORS
from webapi.live.examples import VIDEOS
from webapi.live.schemas import ListArgsSchema, many

TRENDING = LiveBlueprint("trending", "/api/v1/trending", LIVE_TRENDING, "What is shown to guests first")


@TRENDING.route("/videos")
@TRENDING.arguments(ListArgsSchema, location="query")
@TRENDING.response(200, many(Video), example=VIDEOS)
@TRENDING.errors(*LOOKUP_ERRORS)
def videos(given: dict[str, Any]) -> Response:
    """Get trending videos"""
    return answer(Lookup.TRENDING, given)
