"""One run: make the job, let things go wrong until it ends, look at what came out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, func, select
from standardwebhooks import Webhook

from store.callbacks.outbox import list_deliveries
from store.callbacks.plan import DeliveryState
from store.callbacks.signing import written
from store.jobs.creation import JobRequest, create_job
from store.jobs.kinds import find_kind
from store.jobs.progress import read_progress
from store.jobs.rows import Job
from store.jobs.services import get_job
from store.jobs.states import JOB_ENDS, JobState
from store.models import UserRow
from store.models.jobs import JOB_TARGETS
from store.transactions import TROUBLE
from tests.chaos.town import Town, standing
from tests.chaos.trouble import Trouble
from tests.fixtures.receivers import Receiver
from tests.house.paths import ROOT

INVALID = "not a name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much of what."""

    seed: int
    targets: int
    kills: int
    pause_seconds: float
    """Between two troubles, on average."""
    shard_size: int
    limit_seconds: float
    silence_seconds: int = 30
    """After which a crawl that says nothing is taken for dead."""
    must_meet: tuple[str, ...] = ()
    """Troubles that come first, whatever the seed says."""


@dataclass(slots=True)
class Ending:
    """What came out of a run."""

    counts: Counter[str]
    outcomes: dict[str, int]
    callbacks: int
    seconds: float
    problems: list[str] = field(default_factory=list)


def run(plan: Plan, directory: Path, receiver: Receiver, say: Callable[[str], None]) -> Ending:
    """Run it, and judge."""
    random, secret = Random(plan.seed), os.urandom(32)  # noqa: S311  # chaos that can be repeated
    begun = time.monotonic()
    users = plan.targets + 100
    own = {
        "HEARTBEAT_SECONDS": str(plan.silence_seconds / 6),
        "HEARTBEAT_SILENCE_SECONDS": str(plan.silence_seconds),
        "WEBHOOK_ALLOW_HOSTS": f"127.0.0.1:{receiver.port}",
        "WEBHOOK_SECRETS": written(secret),
    }
    with standing(directory, users, own) as town:
        names = usernames(plan.targets, users, random)
        job = make_job(town.engine, names, plan.shard_size, receiver.url)
        say(f"job {job.id}: {job.targets_total:,} targets, seed {plan.seed}")
        trouble = Trouble(town, random, lambda text: say(f"{_state_of(town, job)} · {text}"))
        job = _let_things_go_wrong(plan, town, job, trouble, random)
        _wait_for_callback(town, begun + plan.limit_seconds)
        ending = Ending(
            counts=trouble.counts,
            outcomes=read_progress(town.engine, job.id).outcomes,
            callbacks=len(receiver.received),
            seconds=time.monotonic() - begun,
        )
        ending.problems = find_problems(town.engine, job, names, receiver, secret)
    return ending


def usernames(count: int, users: int, random: Random) -> list[str]:
    """Names that exist, with some that can't and some twice, in one order for a seed."""
    command = [sys.executable, "-m", "standin", "--users", str(users), "usernames", str(count * 97 // 100)]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    extra = count - len(names)
    names += [INVALID] * (extra // 3) + random.choices(names, k=extra - extra // 3)
    random.shuffle(names)
    return names


def make_job(engine: Engine, names: list[str], shard_size: int, callback_url: str) -> Job:
    kind, now = find_kind("bulk_profiles"), datetime.now(UTC)
    request = JobRequest(kind=kind.name, callback_url=callback_url)
    return create_job(engine, request, kind.read_targets(names, now=now), now, shard_size=shard_size)


def _let_things_go_wrong(plan: Plan, town: Town, job: Job, trouble: Trouble, random: Random) -> Job:
    deadline = time.monotonic() + plan.limit_seconds
    first = list(plan.must_meet)
    while (job := get_job(town.engine, job.id)).state not in JOB_ENDS and time.monotonic() < deadline:
        time.sleep(random.uniform(0.5, 1.5) * plan.pause_seconds)
        if trouble.kills < plan.kills and town.spiders():
            trouble.strike(first.pop(0) if first else None)
    return job


def _wait_for_callback(town: Town, deadline: float) -> None:
    while time.monotonic() < deadline:
        if any(one.state is not DeliveryState.PENDING for one in list_deliveries(town.engine)):
            return
        time.sleep(0.2)


def _state_of(town: Town, job: Job) -> str:
    try:
        progress = read_progress(town.engine, job.id)
    except TROUBLE:
        return "database away"
    return f"{progress.done:>6,} of {progress.total:,}"


def find_problems(engine: Engine, job: Job, names: list[str], receiver: Receiver, secret: bytes) -> list[str]:
    """Compare what there is with what there must be; nothing when all is well."""
    known = set(names) - {INVALID}
    invalid = names.count(INVALID)
    by_state = select(JOB_TARGETS.c.state, func.count().label("targets")).group_by(JOB_TARGETS.c.state)
    with engine.connect() as connection:
        states = {str(row.state): int(row.targets) for row in connection.execute(by_state)}
        stored = list(connection.scalars(select(UserRow.username)))
    counts = read_progress(engine, job.id).outcomes
    found: list[tuple[str, Any, Any]] = [
        ("the job's state", job.state, JobState.COMPLETED),
        ("rows of the ledger", sum(states.values()), len(names)),
        ("open targets", states.get("open", 0), 0),
        ("outcomes", counts, {"invalid": invalid, "ok": len(names) - invalid}),
        ("profiles that are stored twice", len(stored) - len(set(stored)), 0),
        ("profiles that are missing", len(known - set(stored)), 0),
        *_callback_facts(engine, names, receiver, secret),
    ]
    problems = [f"{what}: {is_} instead of {must}" for what, is_, must in found if is_ != must]
    return [*problems, f"the job says: {job.reason}"] if problems else []


def _callback_facts(
    engine: Engine, names: list[str], receiver: Receiver, secret: bytes
) -> list[tuple[str, Any, Any]]:
    deliveries = list_deliveries(engine)
    ids = {one.headers["webhook-id"] for one in receiver.received}
    documents = [
        Webhook(written(secret)).verify(one.body, one.headers) if n == 0 else None
        for n, one in enumerate(receiver.received[-1:])
    ]
    given = [
        result["username"] for document in documents if document for result in document["data"]["result"]
    ]
    asked = [name if name == INVALID else f"@{name}" for name in names]
    return [
        ("callbacks", [one.state for one in deliveries], [DeliveryState.DELIVERED]),
        ("ids that the receiver saw", ids, {one.uuid for one in deliveries}),
        ("results in the callback, in order", given == asked, True),
    ]
