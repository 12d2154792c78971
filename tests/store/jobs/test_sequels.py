"""Jobs that follow from what another one found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, func, select, update

from store.jobs.creation import JobRequest, create_job
from store.jobs.filling import Wanted
from store.jobs.found import note_videos
from store.jobs.ledger import Finding
from store.jobs.results import read_results
from store.jobs.rows import Job
from store.jobs.sequels import make_sequels
from store.jobs.services import cancel_job, get_job
from store.jobs.states import JobState
from store.models.jobs import JOBS
from store.queries.jobs import find_job, list_jobs
from store.queries.pages import Window
from store.transactions import in_transaction
from tests.store.jobs_made import crawl

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FOUND = [Finding(position=1, outcome="ok")]


def profile_job(engine: Engine, videos: int = 3, **request: Any) -> Job:
    """A job whose posts' comments are wanted, and which has found some."""
    wish = JobRequest(
        kind="profile", client_id="A", sequel="comments", sequel_parameters={"limit": 7}, **request
    )
    job = create_job(engine, wish, [Wanted("maya", "maya")], NOW)
    found = {str(7_400_000_000_000_000_000 + n): 1 for n in range(videos)}
    in_transaction(engine, partial(note_videos, job_id=job.id, videos=found, now=NOW))
    return job


def sequel_of(engine: Engine, job: Job) -> Job | None:
    with engine.connect() as connection:
        row = connection.execute(select(JOBS).where(JOBS.c.sequel_of == job.id)).one_or_none()
    return Job.of(row) if row else None


def test_nothing_follows_before_the_job_has_ended(engine: Engine) -> None:
    job = profile_job(engine)

    assert make_sequels(engine, NOW, 10) == 0
    assert sequel_of(engine, job) is None


def test_each_post_that_was_found_becomes_a_target_of_a_job_of_the_same_client(engine: Engine) -> None:
    job = crawl(engine, profile_job(engine), NOW, FOUND)

    assert make_sequels(engine, NOW, 10) == 1

    sequel = sequel_of(engine, job)
    assert sequel
    assert (sequel.kind, sequel.client_id, sequel.parameters) == ("comments", "A", {"limit": 7})
    assert [result.target for result in read_results(engine, sequel.id)] == [
        f"740000000000000000{n}" for n in range(3)
    ]
    assert make_sequels(engine, NOW, 10) == 0


def test_of_many_workers_and_after_a_death_between_the_steps_it_is_made_once(engine: Engine) -> None:
    job = crawl(engine, profile_job(engine), NOW, FOUND)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: make_sequels(engine, NOW, 10), range(3)))

    with engine.begin() as connection:
        connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(sequel="comments"))
    make_sequels(engine, NOW, 10)

    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(JOBS.c.sequel_of == job.id)) == 1


def test_nothing_follows_from_a_job_that_was_cancelled_or_found_nothing(engine: Engine) -> None:
    cancelled, empty = profile_job(engine), profile_job(engine, videos=0)
    cancel_job(engine, cancelled.id, NOW)
    crawl(engine, empty, NOW, FOUND)

    assert make_sequels(engine, NOW, 10) == 2

    assert [sequel_of(engine, job) for job in (cancelled, empty)] == [None, None]
    assert find_job(engine, "A", empty.id).state is JobState.COMPLETED


def test_a_job_is_completed_with_its_sequel_and_both_are_one_in_the_list(engine: Engine) -> None:
    job = crawl(engine, profile_job(engine, videos=1), NOW, FOUND)
    other = profile_job(engine)
    assert find_job(engine, "A", job.id).state is JobState.RUNNING

    make_sequels(engine, NOW, 10)
    assert find_job(engine, "A", job.id).state is JobState.RUNNING
    assert [view.job.id for view in list_jobs(engine, "A", [JobState.RUNNING], Window(limit=9)).rows] == [
        job.id
    ]

    sequel = sequel_of(engine, job)
    assert sequel
    cancel_job(engine, other.id, NOW)
    crawl(engine, sequel, NOW, FOUND)
    assert get_job(engine, sequel.id).state is JobState.COMPLETED
    assert find_job(engine, "A", job.id).state is JobState.COMPLETED
    assert [view.job.id for view in list_jobs(engine, "A", [JobState.COMPLETED], Window(limit=9)).rows] == [
        job.id
    ]
    assert list_jobs(engine, "A", [], Window(limit=9)).total == 2
