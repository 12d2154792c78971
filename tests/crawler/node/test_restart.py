"""A node that is stopped, or dies, with crawls running and waiting."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.crawler.node.running import Node, is_alive, running_node
from tests.fixtures.waiting import wait_until

CONF = """
[scrapyd]
runner = tests.crawler.node.runner
"""


def fill(node: Node, end: Path, running: int, pending: int) -> dict[str, int]:
    """Let so many jobs run until the file exists, and others wait; give the running ones' processes."""
    for number in range(running + pending):
        node.schedule(f"job{number}", until=str(end))
    jobs = [f"job{number}" for number in range(running)]
    wait_until(lambda: node.jobs("running") == jobs, "the start of the jobs")
    return {job: node.pid_of(job) for job in jobs}


def test_a_killed_node_finds_its_crawls_again_and_starts_none_beyond_its_slots(tmp_path: Path) -> None:
    end = tmp_path / "end"
    with running_node(tmp_path, conf=CONF, SCRAPYD_MAX_PROC="2") as node:
        before = fill(node, end, running=2, pending=2)
        node.end(signal.SIGKILL)
        with running_node(tmp_path, node.port, conf=CONF, SCRAPYD_MAX_PROC="2") as again:
            assert {job: again.pid_of(job) for job in again.jobs("running")} == before
            assert again.jobs("pending") == ["job2", "job3"]
            assert again.ask("daemonstatus.json")["running"] == 2

            end.touch()

            wait_until(lambda: len(again.jobs("finished")) == 4, "the end of all jobs")
            assert again.jobs("finished") == ["job0", "job1", "job2", "job3"]
            assert not any(map(is_alive, before.values()))


def test_a_crawl_of_before_the_restart_can_be_cancelled(tmp_path: Path) -> None:
    with running_node(tmp_path, conf=CONF, SCRAPYD_MAX_PROC="1") as node:
        before = fill(node, tmp_path / "never", running=1, pending=0)
        node.end(signal.SIGKILL)
        with running_node(tmp_path, node.port, conf=CONF, SCRAPYD_MAX_PROC="1") as again:
            answer = again.ask("cancel.json", project="tiktok", job="job0")

            wait_until(lambda: again.jobs("finished") == ["job0"], "the end")
            assert answer["prevstate"] == "running"
            assert not is_alive(before["job0"])


def test_fewer_slots_after_the_restart_are_not_filled_before_enough_crawls_have_ended(tmp_path: Path) -> None:
    ends = [tmp_path / "end0", tmp_path / "end1"]
    with running_node(tmp_path, conf=CONF, SCRAPYD_MAX_PROC="2") as node:
        for number, end in enumerate(ends):
            node.schedule(f"job{number}", until=str(end))
        node.schedule("job2", until=str(tmp_path / "never"))
        wait_until(lambda: node.jobs("running") == ["job0", "job1"], "the start")
        node.end(signal.SIGKILL)
        with running_node(tmp_path, node.port, conf=CONF, SCRAPYD_MAX_PROC="1") as again:
            assert again.jobs("running") == ["job0", "job1"]

            ends[0].touch()
            ends[1].touch()

            wait_until(lambda: again.jobs("running") == ["job2"], "the start of the next")
            assert again.jobs("finished") == ["job0", "job1"]


def test_a_stopped_node_stops_its_crawls_and_keeps_what_waits(tmp_path: Path) -> None:
    with running_node(tmp_path, conf=CONF, SCRAPYD_MAX_PROC="2") as node:
        before = fill(node, tmp_path / "never", running=2, pending=1)

        node.end(signal.SIGTERM)

        assert not any(map(is_alive, before.values()))
        with running_node(tmp_path, node.port, conf=CONF, SCRAPYD_MAX_PROC="1") as again:
            wait_until(lambda: again.jobs("running") == ["job2"], "the start of what waited")
            assert again.jobs("finished") == ["job0", "job1"]


def test_two_nodes_of_one_machine_know_their_own_crawls_only(tmp_path: Path) -> None:
    never = tmp_path / "never"
    with running_node(tmp_path, conf=CONF) as one, running_node(tmp_path, conf=CONF) as two:
        one.schedule("on-one", until=str(never))
        two.schedule("on-two", until=str(never))
        wait_until(lambda: one.jobs("running") and two.jobs("running"), "the start")
        one.end(signal.SIGKILL)
        with running_node(tmp_path, one.port, conf=CONF) as again:
            assert again.jobs("running") == ["on-one"]
            assert two.jobs("running") == ["on-two"]
