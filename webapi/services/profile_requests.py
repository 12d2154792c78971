"""Profiles in bulk: a client's request for a list of usernames, its one active job, how far it is, its cancellation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Engine

from store.errors import AddressRefused
from store.jobs.creation import JobRequest, create_job
from store.jobs.errors import JobNotFound, JobRefused, KeyReused
from store.jobs.filling import Wanted
from store.jobs.progress import Progress, read_progress
from store.jobs.rows import Job
from store.jobs.services import cancel_job
from store.outbound.guard import Guard
from tiktok.usernames import RULES, read_plain_username
from webapi.services.errors import Forbidden, Missing, Unusable

KIND = "bulk_profiles"


def request_profiles(
    engine: Engine,
    now: datetime,
    *,
    guard: Guard,
    client_id: str,
    usernames: Sequence[str],
    callback_url: str,
    key: str | None,
) -> Job:
    """Make the job; raise `JobConflict` while the client has another one, `Unusable` for what makes no sense.

    A username that is none is a row of the ledger like the others, as long as one of them is good.
    """
    _require_public(guard, callback_url)
    if all(read_plain_username(name).username is None for name in usernames):
        raise Unusable(f"usernames: none of them can be asked for; {usernames[0][:100]!r} {RULES}")
    request = JobRequest(
        kind=KIND,
        options={"callback": callback_url, "usernames": _digest(usernames)},
        client_id=client_id,
        # Apart from the keys that are used within.
        idempotency_key=f"client {key}" if key else None,
        is_exclusive=True,
        callback_url=callback_url,
    )
    job = create_job(engine, request, _wanted(usernames), now)
    if job.options != request.options:
        raise KeyReused(job.id)
    return job


def find_request(engine: Engine, client_id: str, request_id: str) -> Progress:
    """Read a request and how far it is; raise `Missing`, or `Forbidden` when it is another client's."""
    try:
        progress = read_progress(engine, request_id)
    except JobNotFound:
        progress = None
    if progress is None or progress.job.kind != KIND or not progress.job.is_sealed:
        raise Missing(f"There is no request {request_id}")
    if progress.job.client_id != client_id:
        raise Forbidden(f"Request {request_id} is another client's")
    return progress


def cancel_request(engine: Engine, now: datetime, client_id: str, request_id: str) -> None:
    """Cancel a request: it ends after the batch that is under way. Raises `Unusable` when it has ended."""
    job = find_request(engine, client_id, request_id).job
    try:
        cancel_job(engine, job.id, now)
    except JobRefused as error:
        state = "cancelled" if error.state == "cancelled" else "done"
        raise Unusable(f"Request {request_id} is already {state}: it can't be cancelled") from None


def _require_public(guard: Guard, url: str) -> None:
    try:
        guard.check(url)
    except AddressRefused as error:
        raise Unusable(f"request.process.callback.url: {error}") from None


def _wanted(usernames: Sequence[str]) -> Iterator[Wanted]:
    for text in usernames:
        name = read_plain_username(text)
        yield Wanted(name.given, name.username, name.reason or "")


def _digest(usernames: Sequence[str]) -> str:
    """By which a list that is sent again is known."""
    digest = sha256()
    for name in usernames:
        digest.update(name.encode() + b"\0")
    return digest.hexdigest()
