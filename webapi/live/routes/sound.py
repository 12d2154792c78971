"""`/api/v1/sound`: a sound and the posts that use it."""

from __future__ import annotations

from typing import Any

from flask import Response

from tiktok.items import Sound, Video
from tiktok.lookups import Lookup
from webapi.limits.groups import LIVE_SOUND
from webapi.live.answers import answer
from webapi.live.blueprint import LiveBlueprint
from webapi.live.errors import LOOKUP_ERRORS
from webapi.live.examples import SOUND as EXAMPLE
from webapi.live.examples import VIDEOS
from webapi.live.schemas import ListArgsSchema, RecordArgsSchema, many, one

SOUND = LiveBlueprint("sound", "/api/v1/sound", LIVE_SOUND, "Sounds and their posts")


@SOUND.route("/<sound_id>/info")
@SOUND.arguments(RecordArgsSchema, location="query")
@SOUND.response(200, one(Sound), example=EXAMPLE)
@SOUND.errors(*LOOKUP_ERRORS)
def info(given: dict[str, Any], sound_id: str) -> Response:
    """Get a sound"""
    return answer(Lookup.SOUND, given, sound_id, "sound_id")


@SOUND.route("/<sound_id>/videos")
@SOUND.arguments(ListArgsSchema, location="query")
@SOUND.response(200, many(Video), example=VIDEOS)
@SOUND.errors(*LOOKUP_ERRORS)
def videos(given: dict[str, Any], sound_id: str) -> Response:
    """Get a sound's videos"""
    return answer(Lookup.SOUND_VIDEOS, given, sound_id, "sound_id")
