"""A job as those see it who asked for profiles: its numbers, and one result per username, in the order asked.

A million results are never in memory at once: the callback's body is made page by page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Engine, Row

from store.jobs.progress import Progress, read_progress
from store.jobs.results import PAGE, Result, read_results
from store.jobs.rows import Job
from store.jobs.states import SUCCEEDED, JobState
from store.queries.users import users_by_id
from tiktok.items import User
from tiktok.usernames import read_username

PROCESS_STATUS = {
    JobState.PENDING: "pending",
    JobState.RUNNING: "processing",
    JobState.PAUSED: "processing",
    JobState.COMPLETED: "done",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "cancelled",
}
ABOUT_PROFILES = frozenset({"profile", "bulk_profiles"})
"""Kinds whose results are profiles; those of others name the target and the id that answered."""
USER_FIELDS = (
    "id", "username", "url", "sec_uid", "display_name", "bio", "bio_link", "avatar_url", "created_at", "verified",
    "is_private", "is_seller", "is_organization", "category", "language", "region", "live_room_id", "scraped_at",
)  # fmt: skip


def request_document(progress: Progress) -> dict[str, Any]:
    """The job's numbers."""
    return {
        "request_id": progress.job.uuid,
        "total_username": progress.total,
        "total_process": progress.done,
        "total_success": progress.succeeded,
        "total_error": progress.done - progress.succeeded,
        "process_percentage": progress.percent,
        "process_status": PROCESS_STATUS[progress.job.state],
        "created_at": _moment(progress.job.created_at),
    }


def result_documents(
    engine: Engine, job: Job, after: int = 0, most: int = PAGE
) -> list[tuple[int, dict[str, Any]]]:
    """The next results behind a position, each with its own."""
    results = read_results(engine, job.id, after, most)
    if job.kind not in ABOUT_PROFILES:
        return [(result.position, _result(result)) for result in results]
    users = users_by_id(engine, {result.record_id for result in results if result.record_id})
    return [
        (result.position, _profile_result(result, users.get(result.record_id or ""))) for result in results
    ]


def callback_body(engine: Engine, job_id: int) -> Iterator[bytes]:
    """The body of the callback that tells a job's end, in pieces."""
    progress = read_progress(engine, job_id)
    data = request_document(progress) | {"result": []}
    about = "Profiles" if progress.job.kind in ABOUT_PROFILES else progress.job.kind
    whole = orjson.dumps({"status": "success", "message": f"TikTok {about} processed", "data": data})
    ending = b"]}}"
    yield whole.removesuffix(ending)
    after = 0
    while page := result_documents(engine, progress.job, after):
        yield b"," * bool(after) + b",".join(orjson.dumps(document) for _, document in page)
        after = page[-1][0]
    yield ending


def _profile_result(result: Result, user: Row[Any] | None) -> dict[str, Any]:
    name = read_username(result.given).username
    return {
        "username": f"@{name}" if name else result.given,
        "data": _profile(user) if user is not None else None,
        "_from_cache": result.from_cache,
        **_how_it_ended(result),
    }


def _result(result: Result) -> dict[str, Any]:
    return {"target": result.given, "id": result.record_id, **_how_it_ended(result)}


def _how_it_ended(result: Result) -> dict[str, Any]:
    if result.outcome in SUCCEEDED:
        return {"status": "success"}
    return {"status": "error", "code": (result.outcome or "open").upper(), "message": result.reason or ""}


def _profile(user: Row[Any]) -> dict[str, Any]:
    return {
        "user": {name: _shown(getattr(user, name)) for name in USER_FIELDS},
        "stats": {name: getattr(user, name) for name in User.counters}
        | {"exact": sorted(user.exact_counters)},
    }


def _shown(value: Any) -> Any:
    return _moment(value) if isinstance(value, datetime) else value


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
