"""The cases in which Scrapyd 1.6 loses work: with its own parts, and with ours."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.crawler.node.running import Node, running_node
from tests.fixtures.waiting import wait_until

OPEN_DOOR = """
[services]
schedule.json = scrapyd.webservice.Schedule
[scrapyd]
runner = tests.crawler.node.runner
"""
"""Lets everything in, so that the launcher meets it."""
STOCK = f"""{OPEN_DOOR}
spiderqueue = scrapyd.spiderqueue.SqliteSpiderQueue
poller = scrapyd.poller.QueuePoller
launcher = scrapyd.launcher.Launcher
"""
UNSTARTABLE = [
    pytest.param("large", {"url": "7" * 200_000}, id="an argument that is too large"),
    pytest.param("../../x", {}, id="a jobid that leads out of the logs"),
    pytest.param("zero", {"url": "a\0b"}, id="a zero byte"),
]
STOCK_PATIENCE_SECONDS = 5
"""How long Scrapyd's own queue waits for a lock."""


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with running_node(tmp_path_factory.mktemp("ours"), conf=OPEN_DOOR, SCRAPYD_MAX_PROC="1") as node:
        yield node


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Node]:
    with running_node(tmp_path, conf=STOCK, SCRAPYD_MAX_PROC="1") as node:
        yield node


@pytest.mark.parametrize(("job", "arguments"), UNSTARTABLE)
def test_what_cant_be_started_costs_no_slot(ours: Node, job: str, arguments: Mapping[str, str]) -> None:
    ours.schedule(job, **arguments)
    ours.schedule(f"after {job}")

    wait_until(lambda: {job, f"after {job}"} <= set(ours.jobs("finished")), "the job after the bad one")
    assert f"Job {job} can't be started" in ours.log()


@pytest.mark.parametrize(("job", "arguments"), UNSTARTABLE)
def test_stock_scrapyd_still_loses_its_slot(stock: Node, job: str, arguments: Mapping[str, str]) -> None:
    stock.schedule(job, **arguments)
    stock.schedule("after")

    wait_until(lambda: stock.jobs("pending") == ["after"], "the bad job's start")
    assert stock.ask("daemonstatus.json")["running"] == 0
    assert stock.jobs("finished") == []


def test_a_queue_that_was_locked_is_read_again(ours: Node) -> None:
    with ours.locked("tiktok"):
        wait_until(lambda: "can't be read, trying again" in ours.log(), "the poller's error")
        assert ours.schedule("locked out")["message"] == "OperationalError: database is locked"

    ours.schedule("after the lock")

    wait_until(lambda: "after the lock" in ours.jobs("finished"), "the job after the lock")
    assert "locked out" not in ours.jobs("finished"), "who was told that it failed will schedule it again"
    assert ours.log().count("can't be read, trying again") == 1
    assert "The queue can be read again" in ours.log()


def test_stock_scrapyd_still_dies_of_a_locked_queue(stock: Node) -> None:
    with stock.locked("tiktok"):
        time.sleep(STOCK_PATIENCE_SECONDS + 1)

    stock.schedule("after the lock")

    time.sleep(2)
    assert stock.jobs("pending") == ["after the lock"]
    assert stock.ask("daemonstatus.json")["running"] == 0


def test_a_finished_job_that_cant_be_noted_frees_its_slot(ours: Node, tmp_path: Path) -> None:
    end = tmp_path / "end"
    ours.schedule("unnoted", until=str(end))
    wait_until(lambda: ours.jobs("running") == ["unnoted"], "the start")
    with ours.locked("jobs"):
        end.touch()
        wait_until(lambda: "The end of job unnoted is not noted" in ours.log(), "the end")

    ours.schedule("after the unnoted")

    wait_until(lambda: "after the unnoted" in ours.jobs("finished"), "the job after it")
