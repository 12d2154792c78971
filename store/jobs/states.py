"""What jobs, shards and targets can be, and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tiktok.verdicts import PERMANENT, Verdict


class JobState(StrEnum):
    """Where a job is."""

    PENDING = "pending"
    """Nothing of it runs yet, or nothing does at the moment."""
    RUNNING = "running"
    PAUSED = "paused"
    """By a person, or because no identity may ask, or media have no room; the latter two go on by themselves."""
    COMPLETED = "completed"
    """Every target has its outcome."""
    FAILED = "failed"
    """Some targets could not be worked on, or none at all was answered; `reason` says why."""
    CANCELLED = "cancelled"


class ShardState(StrEnum):
    """Where a shard is."""

    PENDING = "pending"
    """To be started, again or for the first time."""
    SCHEDULED = "scheduled"
    """A node was told to start it."""
    RUNNING = "running"
    """Its process has said so, and keeps saying so."""
    DONE = "done"
    FAILED = "failed"
    """Started too often without getting anywhere."""
    CANCELLED = "cancelled"


class TargetState(StrEnum):
    """Where a row of the ledger is."""

    OPEN = "open"
    DONE = "done"
    """It has its outcome."""
    DUPLICATE = "duplicate"
    """Answered by the row it points to."""


class Ending(StrEnum):
    """Outcomes of targets that nobody asked the site about; all others are verdicts."""

    INVALID = "invalid"
    """Names nothing that can be crawled."""
    CANCELLED = "cancelled"
    FAILED = "failed"
    """Its shard was given up."""


JOB_ENDS = frozenset({JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED})
JOB_ACTIVE = frozenset(JobState) - JOB_ENDS
SHARD_ENDS = frozenset({ShardState.DONE, ShardState.FAILED, ShardState.CANCELLED})

NEXT_JOB_STATES: Mapping[JobState, frozenset[JobState]] = {
    JobState.PENDING: frozenset({JobState.RUNNING, JobState.PAUSED}) | JOB_ENDS,
    JobState.RUNNING: frozenset({JobState.PENDING, JobState.PAUSED}) | JOB_ENDS,
    JobState.PAUSED: frozenset({JobState.PENDING, JobState.RUNNING}) | JOB_ENDS,
    # By a retry of the targets that failed.
    JobState.COMPLETED: frozenset({JobState.PENDING}),
    JobState.FAILED: frozenset({JobState.PENDING}),
    JobState.CANCELLED: frozenset({JobState.PENDING}),
}

NEXT_SHARD_STATES: Mapping[ShardState, frozenset[ShardState]] = {
    # Running at once: a process may claim its shard before the worker notes that it was scheduled. Pending again:
    # it was about to be started when its job was paused.
    ShardState.PENDING: frozenset({ShardState.PENDING, ShardState.SCHEDULED, ShardState.RUNNING})
    | SHARD_ENDS,
    ShardState.SCHEDULED: frozenset({ShardState.PENDING, ShardState.RUNNING}) | SHARD_ENDS,
    ShardState.RUNNING: frozenset({ShardState.PENDING}) | SHARD_ENDS,
    ShardState.DONE: frozenset({ShardState.PENDING}),
    ShardState.FAILED: frozenset({ShardState.PENDING}),
    ShardState.CANCELLED: frozenset({ShardState.PENDING}),
}

SUCCEEDED = frozenset[str]({Verdict.OK, Verdict.EMPTY})
"""Outcomes of targets that are there."""
ANSWERED = SUCCEEDED | frozenset[str](PERMANENT)
"""Outcomes in which the site spoke about the target, not about us."""
FINAL = ANSWERED | {Ending.INVALID}
"""Outcomes that trying again would not change; all others are retried when somebody asks for it."""
