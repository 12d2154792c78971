"""`/api/v1/search`: users and posts by words."""

from __future__ import annotations

from typing import Any

from flask import Response

from tiktok.items import User, Video
from tiktok.lookups import Lookup
from webapi.limits.groups import LIVE_SEARCH
from webapi.live.answers import answer
from webapi.live.blueprint import LiveBlueprint
from webapi.live.errors import LOOKUP_ERRORS
from webapi.live.examples import USERS, VIDEOS
from webapi.live.schemas import SearchArgsSchema, many

SEARCH = LiveBlueprint("search", "/api/v1/search", LIVE_SEARCH, "Users and posts by words")


@SEARCH.route("/users")
@SEARCH.arguments(SearchArgsSchema, location="query")
@SEARCH.response(200, many(User), example=USERS)
@SEARCH.errors(*LOOKUP_ERRORS)
def users(given: dict[str, Any]) -> Response:
    """Search users"""
    return answer(Lookup.SEARCH_USERS, given, given["q"], "q")


@SEARCH.route("/videos")
@SEARCH.arguments(SearchArgsSchema, location="query")
@SEARCH.response(200, many(Video), example=VIDEOS)
@SEARCH.errors(*LOOKUP_ERRORS)
def videos(given: dict[str, Any]) -> Response:
    """Search videos"""
    return answer(Lookup.SEARCH_VIDEOS, given, given["q"], "q")
