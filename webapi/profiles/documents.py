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
from store.jobs.states import SUCCEEDED, Ending, JobState
from store.queries.users import users_by_id
from tiktok.items import User
from tiktok.usernames import read_username

PROCESS_STATUS = {
    JobState.PENDING: "pending",
    JobState.RUNNING: "processing",
    JobState.PAUSED: "processing",
    JobState.COMPLETED: "done",
    JobState.FAILED: "done",
    JobState.CANCELLED: "cancelled",
}
"""This family has four words for our six states. A job that failed is done: each username says how it ended; `state`
and `reason` tell the rest."""
ABOUT_PROFILES = frozenset({"profile", "bulk_profiles"})
"""Kinds whose results are profiles; those of others name the target and the id that answered."""
USER_FIELDS = (
    "id", "username", "url", "sec_uid", "display_name", "bio", "bio_link", "avatar_url", "created_at", "verified",
    "is_private", "is_seller", "is_organization", "category", "language", "region", "live_room_id", "scraped_at",
)  # fmt: skip


def request_document(progress: Progress) -> dict[str, Any]:
    """The job's numbers. What was left when it was cancelled was not processed."""
    job, processed = progress.job, progress.done - progress.outcomes.get(Ending.CANCELLED, 0)
    return {
        "request_id": job.uuid,
        "total_username": progress.total,
        "total_process": processed,
        "total_success": progress.succeeded,
        "total_error": processed - progress.succeeded,
        "process_percentage": 100 * processed // progress.total if progress.total else 100,
        "process_status": PROCESS_STATUS[job.state],
        "state": job.state,
        "reason": job.reason,
        "created_at": _moment(job.created_at),
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
    about = "Profiles" if progress.job.kind in ABOUT_PROFILES else progress.job.kind
    return request_body(engine, progress, f"TikTok {about} processed")


def request_body(
    engine: Engine, progress: Progress, message: str, *, offset: int = 0, limit: int | None = None
) -> Iterator[bytes]:
    """A job that has ended with its results, in pieces: all of them, or so many behind the first ones."""
    data = request_document(progress)
    last = progress.total if limit is None else min(offset + limit, progress.total)
    if limit is not None:
        data["has_more"] = last < progress.total
    whole = orjson.dumps(answer(message, data | {"result": []}))
    ending = b"]}}"
    yield whole.removesuffix(ending)
    after = offset
    while page := result_documents(engine, progress.job, after, max(0, min(PAGE, last - after))):
        yield b"," * (after > offset) + b",".join(orjson.dumps(document) for _, document in page)
        after = page[-1][0]
    yield ending


def answer(message: str, data: Any = None) -> dict[str, Any]:
    """What every good answer of this family looks like."""
    return {"status": "success", "message": message} | ({} if data is None else {"data": data})


def profile_result(
    username: str, profile: User | Row[Any] | None, ending: dict[str, Any], *, from_cache: bool
) -> dict[str, Any]:
    """One username and what is known of it."""
    return {
        "username": username,
        "data": _profile(profile) if profile is not None else None,
        "_from_cache": from_cache,
        **ending,
    }


def how_it_ended(outcome: str | None, reason: str | None) -> dict[str, Any]:
    """An outcome in this family's words."""
    if outcome in SUCCEEDED:
        return {"status": "success"}
    return {"status": "error", "code": (outcome or "open").upper(), "message": reason or ""}


def _profile_result(result: Result, user: Row[Any] | None) -> dict[str, Any]:
    name = read_username(result.given).username if result.target else None
    ending = how_it_ended(result.outcome, result.reason)
    return profile_result(f"@{name}" if name else result.given, user, ending, from_cache=result.from_cache)


def _result(result: Result) -> dict[str, Any]:
    ending = how_it_ended(result.outcome, result.reason)
    return {"target": result.given, "id": result.record_id, **ending}


def _profile(user: User | Row[Any]) -> dict[str, Any]:
    return {
        "user": {name: _shown(getattr(user, name)) for name in USER_FIELDS},
        "stats": {name: getattr(user, name) for name in User.counters}
        | {"exact": sorted(user.exact_counters)},
    }


def _shown(value: Any) -> Any:
    return _moment(value) if isinstance(value, datetime) else value


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
