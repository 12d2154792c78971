"""Results as those get them who asked for profiles."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Engine

from store.jobs.creation import JobRequest, create_job
from store.jobs.filling import Wanted
from store.jobs.ledger import Finding
from store.upserts import write
from tests.store.factories import make_user
from tests.store.jobs_made import bulk_job, crawl
from webapi.profiles.documents import callback_body

NOW = datetime(2026, 11, 25, 15, 0, 7, tzinfo=UTC)


def document_of(pieces: Iterator[bytes]) -> Any:
    return orjson.loads(b"".join(pieces))


def test_results_come_in_the_order_asked_with_their_profiles(engine: Engine) -> None:
    user = make_user()
    write(engine, [user], now=NOW)
    targets = [
        Wanted("@Maya", "maya"),
        Wanted("not a name", None, "is not a username"),
        Wanted("tom", "tom"),
        Wanted("maya", "maya"),
    ]
    job = create_job(engine, JobRequest(kind="bulk_profiles"), targets, NOW)
    crawl(
        engine,
        job,
        NOW,
        [
            Finding(position=1, outcome="ok", record_id=user.id, from_cache=True),
            Finding(position=3, outcome="not_found", reason="TikTok knows no such user"),
        ],
    )

    data = document_of(callback_body(engine, job.id))["data"]

    assert {name: value for name, value in data.items() if name != "result"} == {
        "request_id": job.uuid,
        "total_username": 4,
        "total_process": 4,
        "total_success": 2,
        "total_error": 2,
        "process_percentage": 100,
        "process_status": "done",
        "state": "completed",
        "reason": None,
        "created_at": "2026-11-25 15:00:07",
    }
    assert [(one["username"], one["status"], one.get("code")) for one in data["result"]] == [
        ("@maya", "success", None),
        ("not a name", "error", "INVALID"),
        ("@tom", "error", "NOT_FOUND"),
        ("@maya", "success", None),
    ]
    first, invalid, unknown, again = data["result"]
    assert first == again
    assert (first["_from_cache"], first["data"]["user"]["id"], first["data"]["user"]["username"]) == (
        True,
        user.id,
        user.username,
    )
    assert first["data"]["stats"] == {
        **{name: getattr(user, name) for name in type(user).counters},
        "exact": sorted(user.exact_counters),
    }
    assert (invalid["data"], unknown["message"]) == (None, "TikTok knows no such user")


def test_other_jobs_name_the_target_and_what_answered(engine: Engine) -> None:
    job = create_job(engine, JobRequest(kind="hashtag"), [Wanted("#funny", "funny")], NOW)
    crawl(engine, job, NOW, [Finding(position=1, outcome="ok", record_id="5424")])

    document = document_of(callback_body(engine, job.id))

    assert document["message"] == "TikTok hashtag processed"
    assert document["data"]["result"] == [{"target": "#funny", "id": "5424", "status": "success"}]


def test_a_body_five_times_as_long_takes_no_more_memory(sqlite_engine: Engine) -> None:
    jobs = [bulk_job(sqlite_engine, [f"user{n}" for n in range(count)], NOW) for count in (1_000, 5_000)]

    peaks = []
    for job in (jobs[0], *jobs):  # the first round warms up
        tracemalloc.start()
        pieces = sum(1 for _ in callback_body(sqlite_engine, job.id))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert pieces > 10
    assert peaks[2] < 1.5 * peaks[1]
