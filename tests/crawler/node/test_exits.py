"""How a process ended is told to its shard, whatever became of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from store.engine import open_engine
from store.jobs.claims import claim_shard
from store.jobs.dispatch import mark_scheduled, shards_to_schedule
from store.jobs.rows import Shard
from store.models.jobs import SHARDS
from store.schema import migrate
from tests.crawler.node.running import Node, running_node
from tests.fixtures.waiting import wait_until
from tests.store.factories import NOON
from tests.store.jobs.samples import PROCESS, make_job

CONF = """
[scrapyd]
runner = tests.crawler.node.runner
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('database') / 'tiktok.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def node(database: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    url = database.url.render_as_string(hide_password=False)
    with running_node(tmp_path_factory.mktemp("node"), conf=CONF, DATABASE_URL=url) as node:
        yield node


@pytest.fixture
def shard(database: Engine) -> Shard:
    """A shard that was given to the node and that its process has claimed."""
    make_job(database, 3)
    (shard,) = shards_to_schedule(database, "worker", NOON, 1)
    mark_scheduled(database, shard.id, shard.attempt, NOON, node="http://node", scrapyd_job=f"job{shard.id}")
    return claim_shard(database, shard.id, shard.attempt, PROCESS, NOON).shard


def run(node: Node, shard: Shard, attempt: int | None = None, **arguments: str) -> None:
    numbers = {"shard": str(shard.id), "attempt": str(attempt or shard.attempt)}
    assert node.schedule(f"job{shard.id}", **numbers, **arguments)["status"] == "ok"


def told(database: Engine, shard: Shard) -> tuple[int | None, str, str | None]:
    with database.connect() as connection:
        row = connection.execute(select(SHARDS).where(SHARDS.c.id == shard.id)).one()
    return row.exit_code, row.state, row.finish_reason


def test_a_process_that_leaves_its_shard_behind_gives_it_free_at_once(
    node: Node, shard: Shard, database: Engine
) -> None:
    run(node, shard, code="3")

    wait_until(lambda: told(database, shard)[1] == "pending", "the note")
    assert told(database, shard) == (3, "pending", "its process ended with exit code 3")


def test_a_killed_process_is_told_by_its_signal(
    node: Node, shard: Shard, database: Engine, tmp_path: Path
) -> None:
    run(node, shard, until=str(tmp_path / "never"))
    job = f"job{shard.id}"
    wait_until(lambda: job in node.jobs("running"), "the start")

    node.ask("cancel.json", project="tiktok", job=job, signal="KILL")

    wait_until(lambda: told(database, shard)[1] == "pending", "the note")
    assert told(database, shard)[0] == -9


def test_the_end_of_an_outdated_attempt_says_nothing(node: Node, shard: Shard, database: Engine) -> None:
    run(node, shard, attempt=shard.attempt + 7, code="3")

    wait_until(lambda: f"job{shard.id}" in node.jobs("finished"), "the end")
    assert told(database, shard) == (None, "running", None)
