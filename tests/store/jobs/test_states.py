"""The tables of states: complete, and kept."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from store.jobs.errors import JobRefused
from store.jobs.rows import move_job
from store.jobs.states import (
    JOB_ENDS,
    NEXT_JOB_STATES,
    NEXT_SHARD_STATES,
    SHARD_ENDS,
    Ending,
    JobState,
    ShardState,
)
from tests.store.jobs.samples import make_job
from tiktok.verdicts import Verdict


def test_every_state_has_its_followers() -> None:
    assert set(NEXT_JOB_STATES) == set(JobState)
    assert set(NEXT_SHARD_STATES) == set(ShardState)


def test_an_end_is_left_only_by_a_retry() -> None:
    assert {state for state in JobState if NEXT_JOB_STATES[state] == {JobState.PENDING}} == JOB_ENDS
    assert {state for state in ShardState if NEXT_SHARD_STATES[state] == {ShardState.PENDING}} == SHARD_ENDS


def test_an_ending_is_never_taken_for_a_verdict() -> None:
    assert not set(Ending) & set(map(str, Verdict))


@pytest.mark.parametrize("to", [JobState.RUNNING, JobState.PAUSED])
def test_a_job_can_t_leave_the_table(sqlite_engine: Engine, to: JobState) -> None:
    ended = make_job(sqlite_engine, 0)

    with sqlite_engine.begin() as connection, pytest.raises(JobRefused, match=f"can't be {to}"):
        move_job(connection, ended, to)
