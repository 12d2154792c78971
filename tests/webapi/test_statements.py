"""What reading costs the database: every list uses an index, and no page costs a statement per row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, insert

from store.engine import is_mysql
from store.jobs.creation import JobRequest, create_job
from store.jobs.found import note_videos
from store.jobs.kinds import KINDS
from store.models.jobs import JOBS
from store.queries.users import USERS
from store.queries.videos import VIDEOS
from store.upserts import write
from tests.store.factories import NOON, make_sound, make_user, make_video
from tests.webapi.asked import Document, Statement, queries, reading_paths, statements
from tests.webapi.conftest import Tenant

MANY = 12_000
"""Rows enough for MariaDB to prefer an index where there is one; SQLite plans without looking."""
BIG = ("videos", "users", "jobs", "video_history", "job_videos", "job_targets")
"""Tables that grow without end."""
SAMPLES = {
    "start_date": "2026-01-01",
    "end_date": "2026-12-31",
    "since": "2026-01-01",
    "until": "2026-12-31",
    "user_id": "6800000000000000009",
}
PLACES = {"job_id": "1", "video_id": "7400000000000000001", "user_id": "6800000000000000009"}
SUMS = "/api/analytics/overview"
"""Sums over everything read everything; they are remembered."""


@pytest.fixture
def document(app: Flask) -> Document:
    found: Document = app.test_client().get("/openapi.json").get_json()
    return found


def fill(engine: Engine, client_id: str, count: int) -> None:
    """Store so many of everything, each with belongings of its own."""
    for number in range(count):
        video, user, sound = (str(base + number) for base in (7400000000000000001, 6800000000000000009, 70))
        write(
            engine,
            [
                make_video(id=video, user_id=user, sound_id=sound),
                make_user(id=user, username=f"user{number}"),
                make_sound(id=sound),
            ],
        )
        kind = KINDS["profile"]
        targets = kind.read_targets([f"https://www.tiktok.com/@user{number}"], now=NOON)
        job = create_job(engine, JobRequest(kind=kind.name, client_id=client_id), targets, NOON)
        with engine.begin() as connection:
            note_videos(connection, job.id, {video: 1}, NOON)


def costs(app: Flask, document: Document, tenant: Tenant) -> dict[str, int]:
    """How many statements each path costs."""
    found = {}
    http = app.test_client()
    for path in reading_paths(document):
        place = re.sub(r"{(\w+)}", lambda name: PLACES.get(name[1], "nothing"), path)
        with statements(app.extensions["crawler"].engine) as asked:
            http.get(place, headers=tenant.key)
        # Who asks is looked up every two seconds.
        found[path] = len([sql for sql, _ in asked if "FROM clients" not in sql])
    return found


def test_no_page_costs_a_statement_per_row(
    app: Flask, engine: Engine, document: Document, tenant: Tenant
) -> None:
    fill(engine, tenant.id, 2)
    few = costs(app, document, tenant)

    fill(engine, tenant.id, 20)

    assert costs(app, document, tenant) == few
    assert few["/api/videos"] <= 3
    assert few["/api/jobs/{job_id}"] <= 3
    assert max(few.values()) <= 12


def test_every_list_is_read_by_an_index_in_every_order(
    app: Flask, engine: Engine, document: Document, tenant: Tenant
) -> None:
    grow(engine, tenant.id)
    lists = [path for path in reading_paths(document) if "{" not in path and path != SUMS]

    bad = [
        (path, asked, plan)
        for path in lists
        for asked in ask(app, document, path, tenant)
        for plan in plans(engine, asked)
        if is_bad(asked[0], plan)
    ]

    assert bad == []


def ask(app: Flask, document: Document, path: str, tenant: Tenant) -> Iterator[Statement]:
    """All that a list's first, second and deep pages ask for, with all parameters."""
    http = app.test_client()
    for query in queries(document, path, SAMPLES):
        with statements(app.extensions["crawler"].engine) as asked:
            answer = http.get(path, query_string={"limit": 5} | query, headers=tenant.key)
            answered = answer.get_json()
            following = answered.get("next_cursor") if isinstance(answered, dict) else None
            for place in ({"cursor": following}, {"offset": 1000}) if following else ():
                assert (
                    http.get(path, query_string={"limit": 5} | query | place, headers=tenant.key).status_code
                    == 200
                )
        assert answer.status_code in (200, 400, 403, 422, 503), (path, query)
        yield from (one for one in asked if one[0].startswith("SELECT"))


def plans(engine: Engine, statement: Statement) -> Sequence[tuple[Any, ...]]:
    sql, parameters = statement
    explain = "EXPLAIN" if is_mysql(engine) else "EXPLAIN QUERY PLAN"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(f"{explain} {sql}", parameters)]


def is_bad(sql: str, plan: tuple[Any, ...]) -> bool:
    """Whether a step walks a big table row by row, or sorts more than one author's posts or those of a short list.

    A filter and a deep offset together may sort: there is no index for every pair, and cursors need none.
    """
    is_deep = " OFFSET " in sql or re.search(r"LIMIT %s, %s$", sql)
    sorts_few = " IN (" in sql or "user_id = " in sql or "GROUP BY" in sql or (is_deep and ">=" in sql)
    if len(plan) == 4:  # SQLite: id, parent, unused, and the step in words
        step = str(plan[3])
        return step in {f"SCAN {table}" for table in BIG} or ("FOR ORDER BY" in step and not sorts_few)
    _, _, table, how, *_, extra = plan
    return (table in BIG and how == "ALL") or ("filesort" in str(extra) and not sorts_few)


def grow(engine: Engine, client_id: str) -> None:
    """Fill the big tables."""
    seen = {"scraped_at": NOON, "first_seen_at": NOON, "changed_at": NOON, "exact_counters": frozenset()}
    posts = [
        {
            "id": str(7_400_000_000_000_000_001 + number),
            "kind": "video",
            "user_id": str(6_800_000_000_000_000_000 + number % 600),
            "created_at": NOON - timedelta(minutes=number),
            "views": number * 7919 % 100_000,
            "likes": number * 7907 % 10_000,
            **seen,
        }
        for number in range(MANY)
    ]
    profiles = [
        {
            "id": str(6_800_000_000_000_000_000 + number),
            "username": f"user{number}",
            "followers": number * 7919 % 100_000,
            "total_videos": number % 500,
            **seen,
        }
        for number in range(MANY)
    ]
    jobs = [
        {
            "uuid": f"uuid-{number}", "client_id": client_id if number % 10 == 0 else "other", "kind": "profile",
            "parameters": {}, "options": {}, "state": "completed", "priority": 0, "is_exclusive": False,
            "is_by_hand": False, "targets_total": 1, "round": 1, "created_at": NOON, "filled_at": NOON,
            "is_sealed": True,
        }
        for number in range(MANY)
    ]  # fmt: skip
    with engine.begin() as connection:
        for table, rows in ((VIDEOS, posts), (USERS, profiles), (JOBS, jobs)):
            connection.execute(insert(table), rows)
        if is_mysql(connection):
            connection.exec_driver_sql("ANALYZE TABLE videos, users, jobs")
