"""`/api/tiktok/profiles`: one profile at once, or a list of them with a callback."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from store.jobs.progress import read_progress
from store.jobs.states import JOB_ENDS
from store.outbound.guard import Guard
from tiktok.usernames import read_plain_username
from webapi import current
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.extensions.envelopes import use_envelope
from webapi.limits import groups
from webapi.profiles.documents import answer, how_it_ended, profile_result, request_body, request_document
from webapi.profiles.errors import ProfilesErrorSchema, envelope
from webapi.profiles.examples import ANSWERS, REQUESTS, STATUS
from webapi.profiles.schemas import (
    DoneSchema,
    IdempotencySchema,
    InstantSchema,
    NewRequestSchema,
    QueuedSchema,
    StatusArgsSchema,
    StatusSchema,
)
from webapi.services.errors import Unusable
from webapi.services.instant_profiles import look_up_profile
from webapi.services.profile_requests import cancel_request, find_request, request_profiles

PREFIX = "/api/tiktok/profiles"
ENTRY_BYTES = 64
"""Of the body for each username that a list may have: the longest, with quotes, comma and a generous indent."""


class ProfilesBlueprint(FamilyBlueprint):
    """Endpoints of this family."""

    ERROR_SCHEMA = ProfilesErrorSchema


PROFILES = ProfilesBlueprint(
    "profiles", __name__, url_prefix=PREFIX, description="Profiles, one or many", limits=groups.PROFILES
)
use_envelope(PREFIX, envelope)


@PROFILES.before_request
def allow_long_lists() -> None:
    """No other endpoint takes such long bodies."""
    most = current.config().bulk_max_usernames * ENTRY_BYTES
    request.max_content_length = max(most, request.max_content_length or 0)


@PROFILES.route("", methods=["POST"])
@PROFILES.arguments(NewRequestSchema, examples=REQUESTS)
@PROFILES.arguments(IdempotencySchema, location="headers")
@PROFILES.response(200, {"oneOf": [InstantSchema, QueuedSchema]}, examples=ANSWERS)
@PROFILES.errors(401, 409, 413, 500, 503, 504)
def create(given: dict[str, Any], header: dict[str, str]) -> Response:
    """Get profiles

    `instant` answers with one profile. `callback` queues up to a million and posts the results to a URL when they are
    complete; a client may have one such request at a time.
    """
    process = given["request"]["process"]
    if process["type"] == "instant":
        return _instant(given["usernames"][0])
    job = request_profiles(
        current.engine(),
        current.now(),
        guard=Guard.load(current.config()),
        client_id=current.client().id,
        usernames=given["usernames"],
        callback_url=process["callback"]["url"],
        key=header.get("key"),
    )
    numbers = request_document(read_progress(current.engine(), job.id))
    return jsonify(answer("TikTok Profiles processing queued", numbers))


@PROFILES.route("/<request_id>/request")
@PROFILES.arguments(StatusArgsSchema, location="query")
@PROFILES.response(200, StatusSchema, example=STATUS)
@PROFILES.errors(401, 403, 404, 500)
def show(given: dict[str, int], request_id: str) -> Response:
    """Get a request

    How far it is. `result` is null until the end, and then has an entry for each username, in the order asked.
    """
    progress = find_request(current.engine(), current.client().id, request_id)
    message = "TikTok Request status retrieved"
    if progress.job.state not in JOB_ENDS:
        return jsonify(answer(message, request_document(progress) | {"result": None}))
    pieces = request_body(
        current.engine(), progress, message, offset=given["offset"], limit=given.get("limit")
    )
    return Response(pieces, mimetype="application/json")


@PROFILES.route("/<request_id>/request/cancel", methods=["POST"])
@PROFILES.response(200, DoneSchema)
@PROFILES.errors(400, 401, 403, 404, 500)
def cancel(request_id: str) -> dict[str, Any]:
    """Cancel a request

    It ends as soon as the batch of ten usernames that is under way is finished. What was found is kept.
    """
    cancel_request(current.engine(), current.now(), current.client().id, request_id)
    return answer("TikTok Request cancellation processed")


def _instant(text: str) -> Response:
    name = read_plain_username(text)
    if name.username is None:
        raise Unusable(f"usernames: {name.given!r} {name.reason}")
    home = current.home()
    found = look_up_profile(home.engine, home.config, home.lookups.live, current.client().id, name.username)
    ending = how_it_ended(found.outcome, found.reason)
    result = profile_result(f"@{name.username}", found.profile, ending, from_cache=found.from_cache)
    return jsonify(answer("TikTok Profiles processed", [result]))
