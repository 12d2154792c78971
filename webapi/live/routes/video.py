"""`/api/v1/video`: a post by its id or its URL, its comments, and where a URL leads."""

from __future__ import annotations

import re
from typing import Any

import orjson
from flask import Response

from tiktok.items import Comment, Video
from tiktok.lookups import Lookup, Question
from tiktok.targets import Target, video_target
from webapi import current
from webapi.limits.groups import LIVE_VIDEO
from webapi.live.answers import answer
from webapi.live.blueprint import LiveBlueprint
from webapi.live.errors import LOOKUP_ERRORS
from webapi.live.examples import COMMENTS, PARSED
from webapi.live.examples import VIDEO as EXAMPLE
from webapi.live.schemas import (
    ListArgsSchema,
    ParsedUrlSchema,
    ParseUrlArgsSchema,
    RecordArgsSchema,
    many,
    one,
)
from webapi.services.short_links import find_post

VIDEO = LiveBlueprint("video", "/api/v1/video", LIVE_VIDEO, "Posts and their comments")

_MERGED = re.compile(r"^(https?):/+", re.IGNORECASE)
"""Some servers on the way make one slash of two."""


@VIDEO.route("/<path:video_id>", merge_slashes=False)
@VIDEO.arguments(RecordArgsSchema, location="query")
@VIDEO.response(200, one(Video), example=EXAMPLE)
@VIDEO.errors(*LOOKUP_ERRORS)
def info(given: dict[str, Any], video_id: str) -> Response:
    """Get a video

    By its id or its URL, percent-encoded. Short links work, too.
    """
    return answer(Lookup.VIDEO, given, _mended(video_id), "video_id")


@VIDEO.route("/<path:video_id>/comments", merge_slashes=False)
@VIDEO.arguments(ListArgsSchema, location="query")
@VIDEO.response(200, many(Comment), example=COMMENTS)
@VIDEO.errors(*LOOKUP_ERRORS)
def comments(given: dict[str, Any], video_id: str) -> Response:
    """Get a video's comments

    Without the replies to them.
    """
    return answer(Lookup.COMMENTS, given, _mended(video_id), "video_id")


@VIDEO.route("/parse-url", methods=["POST"])
@VIDEO.arguments(ParseUrlArgsSchema)
@VIDEO.response(200, ParsedUrlSchema, example=PARSED)
@VIDEO.errors(*LOOKUP_ERRORS)
def parse_url(given: dict[str, Any]) -> dict[str, Any]:
    """Get the id of a video from its URL

    Short links are followed, as long as they lead through TikTok's own addresses.
    """
    target = find_post(
        current.config(), given["url"], current.now(), _looked_up, follows=given["resolve_redirects"]
    )
    data = {"id": target.key, "url": target.url, "username": target.username}
    return {"video_id": target.key, "original_url": given["url"], "data": data}


def _looked_up(url: str) -> Target:
    data = orjson.loads(current.home().lookups.find(Question(Lookup.VIDEO, url)).body)["data"]
    return video_target(data["id"], data["username"] or "")


def _mended(text: str) -> str:
    return _MERGED.sub(r"\1://", text)
