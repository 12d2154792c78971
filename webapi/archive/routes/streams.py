"""`/ws/jobs/{id}` and `/api/v1/jobs/{id}/events`: a job's state whenever it changes, until it has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, abort, current_app, g, request
from sqlalchemy import Engine

from store.jobs.errors import JobNotFound
from store.jobs.states import JOB_ENDS
from store.queries.archived import media_counts
from store.queries.jobs import find_job, read_jobs
from webapi import current
from webapi.archive.blueprints import ArchiveBlueprint
from webapi.archive.documents import job_document
from webapi.archive.schemas import ArchiveJobSchema
from webapi.archive.stream_schemas import StreamArgsSchema
from webapi.auth.guard import for_browsers
from webapi.limits.groups import ARCHIVE
from webapi.streams.handover import Handover, connection_of
from webapi.streams.hub import Snapshot, Subscription
from webapi.streams.loop import EXTENSION, Full, Stream, Streams, Talk
from webapi.streams.talks import speak_events, speak_websocket

EVENTS = ArchiveBlueprint(
    "job-events", __name__, url_prefix="/api/v1/jobs", description="Jobs as they change", limits=ARCHIVE
)
SOCKETS = ArchiveBlueprint(
    "job-sockets", __name__, url_prefix="/ws", description="Jobs as they change", limits=ARCHIVE
)
WEBSOCKET_VERSION = "13"
FULL_SECONDS = 5
_SCHEMA = ArchiveJobSchema()


@SOCKETS.route("/jobs/<uuid:job_id>", websocket=True)
@for_browsers
@SOCKETS.arguments(StreamArgsSchema, location="query")
@SOCKETS.alt_response(101, description="A WebSocket: a text per state, as `job` of GET /api/v1/jobs/{id}")
@SOCKETS.errors(400, 401, 403, 404, 429, 500, 501)
def watch(_given: dict[str, str], job_id: UUID) -> Response:
    """Watch a job by WebSocket

    Sends the job's state whenever it changes, and closes when it has ended. Browsers give the access token as the
    subprotocols `bearer` and the token, or as `access_token`.
    """
    headers = request.headers
    if headers.get("Sec-WebSocket-Version") != WEBSOCKET_VERSION or "Sec-WebSocket-Key" not in headers:
        abort(400, f"The handshake is none of version {WEBSOCKET_VERSION}")
    _check_origin()
    asked = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": WEBSOCKET_VERSION,
        "Sec-WebSocket-Key": headers["Sec-WebSocket-Key"],
    }
    if headers.get("Sec-WebSocket-Protocol", "").lower().startswith("bearer"):
        asked["Sec-WebSocket-Protocol"] = "bearer"
    return _hand_over(str(job_id), speak_websocket, asked, 101)


@EVENTS.route("/<uuid:job_id>/events")
@for_browsers
@EVENTS.arguments(StreamArgsSchema, location="query")
@EVENTS.alt_response(
    200,
    description="An event per state, as `job` of GET /api/v1/jobs/{id}; a last one named `end`",
    content_type="text/event-stream",
)
@EVENTS.alt_response(204, description="The job has ended, and Last-Event-ID is its last state")
@EVENTS.errors(401, 404, 429, 500, 501)
def stream_events(_given: dict[str, str], job_id: UUID) -> Response:
    """Watch a job by server-sent events

    Sends the job's state whenever it changes, and ends when it has ended. Browsers give the access token as
    `access_token`.
    """
    return _hand_over(str(job_id), speak_events, {"Connection": "close"}, 200)


def read_snapshots(engine: Engine, job_ids: Sequence[int]) -> Mapping[int, Snapshot]:
    """Read jobs as clients see them, all at once."""
    media = media_counts(engine, job_ids)
    snapshots = {}
    for view in read_jobs(engine, job_ids):
        document: Any = _SCHEMA.dump(job_document(view, media.get(view.job.id, {})))
        snapshots[view.job.id] = Snapshot(view.job.client_id, document, view.state in JOB_ENDS)
    return snapshots


def _hand_over(job_uuid: str, talk: Talk, asked: dict[str, str], status: int) -> Response:
    """Let the loop answer, in the name of whoever was found to ask."""
    engine, client = current.engine(), current.client()
    job = find_job(engine, client.id, job_uuid).job
    if connection_of(request.environ) is None:
        abort(_described(501, "This server keeps its connections to itself: use python -m webapi"))
    if request.method == "HEAD":
        return Response(mimetype="text/event-stream")
    first = read_snapshots(engine, [job.id]).get(job.id)
    if first is None:
        raise JobNotFound(job_uuid)
    known = request.headers.get("Last-Event-ID", "")
    if talk is speak_events and first.is_final and known == first.digest:
        # Tells a browser, which connects again whenever a stream ends, not to.
        return Response(status=204)
    streams = _streams()
    try:
        streams.reserve(client.id)
    except Full:
        busy = _described(429, "Too many streams are open; close one, or ask for the job instead")
        busy.headers["Retry-After"] = str(FULL_SECONDS)
        abort(busy)
    subscription = Subscription(job.id, client.id, first, g.credentials, g.recheck, known)
    return Handover(streams, Stream(talk, subscription, asked, client.id), status)


def _check_origin() -> None:
    """Refuse scripts of other sites: browsers ask nobody before they let them open a WebSocket."""
    origin, allowed = request.headers.get("Origin", ""), current.config().cors_origins
    if origin and not {origin, "*"} & {*allowed} and urlsplit(origin).netloc != request.host:
        abort(403, "Scripts of this site may not ask; CORS_ORIGINS names those that may")


def _streams() -> Streams:
    if EXTENSION not in current_app.extensions:
        config = current.config()
        current_app.extensions[EXTENSION] = Streams(
            current.engine(),
            read_snapshots,
            most=config.api_streams,
            most_per_client=config.api_streams_per_client,
        )
    return cast("Streams", current_app.extensions[EXTENSION])


def _described(status: int, detail: str) -> Response:
    response = cast("Response", current_app.json.response({"detail": detail}))
    response.status_code = status
    return response
