"""Making jobs: all of it or nothing, once per key, one active callback job per client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from store.jobs.creation import JobRequest, create_job
from store.jobs.dispatch import shards_to_schedule
from store.jobs.errors import JobConflict, JobNotFound, KeyReused
from store.jobs.filling import BATCH, Wanted
from store.jobs.progress import read_progress
from store.jobs.removal import drop_abandoned_jobs
from store.jobs.results import all_results
from store.jobs.services import cancel_job, get_job
from store.jobs.states import JobState
from store.models.jobs import JOB_COUNTS, JOB_TARGETS, JOBS, SHARDS
from tests.store.factories import NOON
from tests.store.jobs.samples import assert_ledger_adds_up, make_job, names, shard_states

MANY = BATCH * 2 + 3


def rows_of(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        tables = (JOBS, SHARDS, JOB_TARGETS, JOB_COUNTS)
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_job_is_read_by_its_number_and_by_its_uuid(engine: Engine) -> None:
    make_job(engine, 1)
    job = make_job(engine, 3, client_id="acme", priority=5, parameters={"limit": 5}, options={"drive": "x"})

    assert get_job(engine, job.id) == get_job(engine, job.uuid) == job
    assert (job.state, job.targets_total, job.created_at) == (JobState.PENDING, 3, NOON)
    assert (job.client_id, job.parameters, job.options) == ("acme", {"limit": 5}, {"drive": "x"})
    with pytest.raises(JobNotFound, match="There is no job 99"):
        get_job(engine, 99)


def test_the_ledger_is_cut_into_shards_that_hold_all_positions(engine: Engine) -> None:
    job = make_job(engine, 12, shard_size=5)

    with engine.connect() as connection:
        wanted = select(SHARDS.c.number, SHARDS.c.first_position, SHARDS.c.last_position)
        assert [tuple(row) for row in connection.execute(wanted)] == [(1, 1, 5), (2, 6, 10), (3, 11, 12)]
    assert_ledger_adds_up(engine, job)


def test_what_comes_twice_is_crawled_once_and_answered_each(engine: Engine) -> None:
    job = make_job(
        engine, [*names(2), Wanted("USER1", "user1"), Wanted("x y", None, "is no name"), *names(1)]
    )

    results = list(all_results(engine, job.id))

    assert [(r.position, r.given, r.target) for r in results] == [
        (1, "@user1", "user1"),
        (2, "@user2", "user2"),
        (3, "USER1", "user1"),
        (4, "x y", None),
        (5, "@user1", "user1"),
    ]
    assert [(r.outcome, r.reason) for r in results[3:]] == [("invalid", "is no name"), (None, None)]
    assert read_progress(engine, job.id).outcomes == {"invalid": 1}
    assert_ledger_adds_up(engine, job)


def test_a_long_list_is_never_held_and_its_duplicates_are_found_across_batches(engine: Engine) -> None:
    def stream() -> Iterator[Wanted]:
        yield from names(MANY)
        for number in (1, BATCH + 1, 1):
            yield Wanted(f"@user{number}", f"user{number}")

    job = make_job(engine, stream())

    assert job.targets_total == MANY + 3
    assert len(shard_states(engine, job)) == -(-job.targets_total // 500)
    assert_ledger_adds_up(engine, job)
    with engine.connect() as connection:
        wanted = select(JOB_TARGETS.c.position, JOB_TARGETS.c.same_as).where(JOB_TARGETS.c.same_as > 0)
        same = {row.position: row.same_as for row in connection.execute(wanted)}
    assert same == {MANY + 1: 1, MANY + 2: BATCH + 1, MANY + 3: 1}


def test_a_list_that_breaks_off_leaves_nothing(engine: Engine) -> None:
    def broken() -> Iterator[Wanted]:
        yield from names(BATCH + 1)
        raise ConnectionResetError

    for targets in (broken(), (1 / 0 for _ in range(1))):
        with pytest.raises((ConnectionResetError, ZeroDivisionError)):
            make_job(engine, targets, client_id="acme", is_exclusive=True)  # type: ignore[arg-type]  # broken

    assert rows_of(engine) == [0, 0, 0, 0]
    make_job(engine, 1, client_id="acme", is_exclusive=True)


def test_nothing_is_crawled_before_the_last_target_came_in(engine: Engine) -> None:
    seen: list[int] = []

    def watched() -> Iterator[Wanted]:
        yield from names(BATCH)
        seen.append(len(shards_to_schedule(engine, "eager", NOON, 99)))
        (filled,) = rows_of(engine)[2:3]
        seen.append(filled)
        yield Wanted("last", "last")

    make_job(engine, watched())

    assert seen == [0, BATCH]
    assert len(shards_to_schedule(engine, "eager", NOON, 99)) == 11


def test_a_job_that_was_never_filled_to_the_end_goes_by_itself(engine: Engine) -> None:
    make_job(engine, 1)
    orphan = make_job(engine, 3, client_id="acme", is_exclusive=True)
    with engine.begin() as connection:
        connection.execute(JOBS.update().where(JOBS.c.id == orphan.id).values(is_sealed=False))

    assert drop_abandoned_jobs(engine, NOON + timedelta(minutes=14)) == 0
    assert drop_abandoned_jobs(engine, NOON + timedelta(minutes=15)) == 1

    assert rows_of(engine)[:3] == [1, 1, 1]
    make_job(engine, 1, client_id="acme", is_exclusive=True)


def test_a_job_without_anything_to_crawl_ends_at_once(engine: Engine) -> None:
    empty = make_job(engine, 0)
    job = make_job(engine, [Wanted("x y", None, "is no name")] * 3, shard_size=2)

    assert (empty.state, job.state, job.finished_at) == (JobState.COMPLETED, JobState.COMPLETED, NOON)
    assert shard_states(engine, job) == ["done", "done"]
    assert read_progress(engine, job.id).outcomes == {"invalid": 3}


def test_whatever_people_write_fits_into_the_ledger(engine: Engine) -> None:
    wild = ["x" * 5_000, "a\x00b", "\ud83d", "😀", "q" * 255, "q" * 300, "q" * 301]

    job = make_job(engine, [Wanted(text, text) for text in wild])

    results = list(all_results(engine, job.id))
    assert [result.given for result in results[1:4]] == ["a\x00b", "�", "😀"]
    assert results[0].given == "x" * 1024
    assert len({result.target for result in results}) == len(wild)


def test_the_same_key_gives_the_same_job(engine: Engine) -> None:
    request = JobRequest(kind="profile", client_id="acme", idempotency_key="k", parameters={"limit": 5})
    job = create_job(engine, request, names(1), NOON)

    again = create_job(engine, request, names(1), NOON + timedelta(days=1))
    others = [
        create_job(engine, replace(request, **other), names(1), NOON)
        for other in ({"client_id": "other"}, {"client_id": None}, {"idempotency_key": "l"})
    ]

    assert again == job
    assert len({job.id, *(other.id for other in others)}) == 4
    with pytest.raises(KeyReused, match=f"was used for job {job.id}, which is another one; use a new key"):
        create_job(engine, replace(request, parameters={"limit": 6}), names(1), NOON)


def test_a_client_has_one_active_callback_job(engine: Engine) -> None:
    first = make_job(engine, 1, client_id="acme", is_exclusive=True, idempotency_key="k")

    with pytest.raises(
        JobConflict, match="Client acme has an active callback job; wait for its end or cancel it"
    ):
        make_job(engine, 1, client_id="acme", is_exclusive=True)
    assert make_job(engine, 1, client_id="acme", is_exclusive=True, idempotency_key="k") == first
    for free in ({"client_id": "acme"}, {"client_id": "other", "is_exclusive": True}, {"is_exclusive": True}):
        make_job(engine, 1, **free)

    assert cancel_job(engine, first.id, NOON).state is JobState.CANCELLED
    make_job(engine, 1, client_id="acme", is_exclusive=True)
