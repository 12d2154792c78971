"""One profile while the caller waits: from the database when it was read lately, else looked up live.

Where the live service does not run, workers have it crawled like any job, which takes a few seconds longer.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row

from store.config import Config
from store.jobs.creation import JobRequest, create_job
from store.jobs.filling import Wanted
from store.jobs.results import read_results
from store.jobs.rows import Job
from store.jobs.services import get_job
from store.jobs.states import JOB_ENDS
from store.queries.fresh import fresh_profiles
from store.queries.users import users_by_id
from store.workers import living_workers
from tiktok.items import User
from tiktok.verdicts import Verdict
from webapi.services.errors import TooSlow, Unavailable
from webapi.services.live import LiveBusy, LiveService, LiveTooSlow, LiveUnreachable, Lookup, Question
from webapi.services.profile_requests import KIND

URGENT = 100
"""Priority of what somebody waits for, above jobs that nobody does."""
LOOK_SECONDS = 0.2
"""Between two looks whether the crawl has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantProfile:
    """How it ended, and the profile where it is there."""

    outcome: str
    reason: str
    profile: User | Row[Any] | None
    from_cache: bool


def look_up_profile(
    engine: Engine, config: Config, live: LiveService, client_id: str, username: str
) -> InstantProfile:
    """Find a profile; raise `TooSlow` when the time is over, `Unavailable` when nobody is there who could ask."""
    now = datetime.now(UTC)
    since = now - timedelta(seconds=config.profile_cache_seconds)
    if fresh := fresh_profiles(engine, [username], since).get(username):
        return InstantProfile(outcome=Verdict.OK, reason=fresh.reason, profile=fresh.user, from_cache=True)
    try:
        return _look_up(live, username)
    except LiveUnreachable as error:
        if not living_workers(engine, now):
            words = f"Nobody is there to ask TikTok: {error}, and no worker runs; start both with bin/serve"
            raise Unavailable(words) from None
    return _result(engine, _crawl(engine, client_id, username, now, config.live_deadline_seconds))


def _look_up(live: LiveService, username: str) -> InstantProfile:
    """Ask the live service; raise `LiveUnreachable` when it is not there."""
    try:
        answer = live.look_up(Question(Lookup.USER, username))
    except LiveBusy as error:
        raise Unavailable(str(error), error.retry_after_seconds) from None
    except LiveTooSlow as error:
        raise TooSlow(f"@{username} was not read in time: {error}") from None
    profile = _user(answer.items[0]) if answer.items else None
    outcome = Verdict.NO_DATA if answer.outcome == Verdict.OK and profile is None else answer.outcome
    return InstantProfile(outcome=outcome, reason=answer.reason, profile=profile, from_cache=False)


def _user(item: Mapping[str, Any]) -> User:
    """The profile that JSON carried."""
    values = {field.name: item[field.name] for field in fields(User)}
    for name in ("created_at", "scraped_at"):
        values[name] = values[name] and datetime.fromisoformat(values[name])
    return User(**values | {"exact_counters": frozenset(values["exact_counters"])})


def _crawl(engine: Engine, client_id: str, username: str, now: datetime, seconds: float) -> Job:
    """Have it crawled and wait for the end; who asks again within the same minute waits for the same crawl."""
    request = JobRequest(
        kind=KIND,
        client_id=client_id,
        priority=URGENT,
        idempotency_key=f"instant {username} {now:%Y-%m-%dT%H:%M}",
    )
    job = create_job(engine, request, [Wanted(f"@{username}", username)], now)
    deadline = time.monotonic() + seconds
    while job.state not in JOB_ENDS:
        if time.monotonic() > deadline:
            why = f"its crawl is {job.state}{f': {job.reason}' if job.reason else ''}"
            raise TooSlow(f"@{username} was not read within {seconds:g} s: {why}; ask again in a minute")
        time.sleep(LOOK_SECONDS)
        job = get_job(engine, job.id)
    return job


def _result(engine: Engine, job: Job) -> InstantProfile:
    (result,) = read_results(engine, job.id)
    users = users_by_id(engine, [result.record_id]) if result.record_id else {}
    return InstantProfile(
        outcome=result.outcome or Verdict.NO_DATA,
        reason=result.reason or "",
        profile=users.get(result.record_id or ""),
        from_cache=result.from_cache,
    )
