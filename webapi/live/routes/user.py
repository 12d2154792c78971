"""`/api/v1/user`: a profile, its posts, who follows it and whom it follows. By @name, id or secUid."""

from __future__ import annotations

from typing import Any

from flask import Response

from tiktok.items import User, Video
from tiktok.lookups import Lookup
from webapi.limits.groups import LIVE_USER
from webapi.live.answers import answer
from webapi.live.blueprint import LiveBlueprint
from webapi.live.errors import LOOKUP_ERRORS
from webapi.live.examples import USER as EXAMPLE
from webapi.live.examples import USERS, VIDEOS
from webapi.live.schemas import ListArgsSchema, RecordArgsSchema, many, one

USER = LiveBlueprint("user", "/api/v1/user", LIVE_USER, "Profiles and their lists")


@USER.route("/<username>/info")
@USER.arguments(RecordArgsSchema, location="query")
@USER.response(200, one(User), example=EXAMPLE)
@USER.errors(*LOOKUP_ERRORS)
def info(given: dict[str, Any], username: str) -> Response:
    """Get a user"""
    return answer(Lookup.USER, given, username, "username")


@USER.route("/<username>/videos")
@USER.arguments(ListArgsSchema, location="query")
@USER.response(200, many(Video), example=VIDEOS)
@USER.errors(*LOOKUP_ERRORS)
def videos(given: dict[str, Any], username: str) -> Response:
    """Get a user's videos

    The newest first, pinned ones before them.
    """
    return answer(Lookup.USER_VIDEOS, given, username, "username")


@USER.route("/<username>/followers")
@USER.arguments(ListArgsSchema, location="query")
@USER.response(200, many(User), example=USERS)
@USER.errors(*LOOKUP_ERRORS)
def followers(given: dict[str, Any], username: str) -> Response:
    """Get a user's followers"""
    return answer(Lookup.USER_FOLLOWERS, given, username, "username")


@USER.route("/<username>/following")
@USER.arguments(ListArgsSchema, location="query")
@USER.response(200, many(User), example=USERS)
@USER.errors(*LOOKUP_ERRORS)
def following(given: dict[str, Any], username: str) -> Response:
    """Get whom a user follows"""
    return answer(Lookup.USER_FOLLOWING, given, username, "username")
