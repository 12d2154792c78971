"""The service when things go wrong: pages that hang, callers who hang up, too many of them, processes that die."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress

import aiohttp
import psutil
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.config import DATABASE_FILE
from store.engine import open_engine
from store.models import UserRow
from tests.fixtures.live import SECRET, RunningLive
from tests.fixtures.standin import RunningStandin
from tests.fixtures.waiting import wait_until
from tests.house.paths import ROOT
from webapi.services.live import LiveService, LiveUnreachable, Lookup, Question


def is_idle(live: RunningLive) -> bool:
    return bool(live.health()["under_way"] == 0)


def pages_asked(standin: RunningStandin, path: str) -> int:
    return sum(request["path"] == path for request in standin.log()["requests"])


def test_the_deadline_is_kept_while_a_page_hangs(live: RunningLive, standin: RunningStandin) -> None:
    standin.add_fault("delay", "/@khaby.lame", options={"seconds": 20})
    began = time.monotonic()

    reply = live.look_up("user", "khaby.lame", deadline_seconds=0.5)

    assert (reply.status, time.monotonic() - began < 5) == (504, True)
    wait_until(lambda: is_idle(live), "the end of its crawl")
    assert time.monotonic() - began < 10


def test_what_was_broken_off_costs_nobody_anything(live: RunningLive, standin: RunningStandin) -> None:
    standin.add_fault("delay", "/@*", options={"seconds": 20})
    for _ in range(20):  # more than there are identities
        assert live.look_up("user", "khaby.lame", deadline_seconds=0.05).status == 504
    standin.drop_faults()
    wait_until(lambda: is_idle(live), "the end of its crawl")

    assert live.look_up("user", "khaby.lame").outcome == "ok"


async def test_a_thousand_equal_questions_at_once_are_one_fetch(
    live: RunningLive, standin: RunningStandin
) -> None:
    standin.add_fault("delay", "/@khaby.lame", options={"seconds": 5})
    url = f"http://127.0.0.1:{live.port}/lookups"
    headers = {"Authorization": f"Bearer {SECRET}"}
    question = {"lookup": "user", "target": "khaby.lame", "deadline_seconds": 60}

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers=headers) as session:

        async def ask() -> str:
            async with session.post(url, json=question) as reply:
                document = await reply.json()
                return str(document["outcome"])

        outcomes = Counter(await asyncio.gather(*(ask() for _ in range(1_000))))

    assert outcomes == {"ok": 1_000}
    assert pages_asked(standin, "/@khaby.lame") == 1


def send_question(live: RunningLive, target: str) -> socket.socket:
    body = json.dumps({"lookup": "user", "target": target}).encode()
    lines = ["POST /lookups HTTP/1.1", "Host: live", f"Authorization: Bearer {SECRET}"]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
    connection = socket.create_connection(("127.0.0.1", live.port))
    connection.sendall(head.encode() + body)
    return connection


def test_who_hangs_up_ends_the_crawl(live: RunningLive, standin: RunningStandin) -> None:
    standin.add_fault("delay", "/@khaby.lame", options={"seconds": 60})
    connection = send_question(live, "khaby.lame")
    wait_until(lambda: not is_idle(live), "its beginning")
    began = time.monotonic()

    connection.close()

    wait_until(lambda: is_idle(live), "the end of its crawl")
    assert time.monotonic() - began < 15


def test_who_hangs_up_leaves_the_others_their_answer(live: RunningLive, standin: RunningStandin) -> None:
    standin.add_fault("delay", "/@khaby.lame", options={"seconds": 5})
    connection = send_question(live, "khaby.lame")
    wait_until(lambda: not is_idle(live), "its beginning")

    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(live.look_up, "user", "khaby.lame")
        time.sleep(0.3)
        connection.close()

        assert other.result().outcome == "ok"
    assert pages_asked(standin, "/@khaby.lame") == 1


def test_beyond_its_number_it_tells_when_to_come_back(
    start_live: Callable[..., RunningLive], standin: RunningStandin
) -> None:
    live = start_live(LIVE_MOST="2")
    standin.add_fault("delay", "/@*", options={"seconds": 10})

    with ThreadPoolExecutor(3) as threads:
        others = [threads.submit(live.look_up, "user", name) for name in ("khaby.lame", "two.hundred")]
        wait_until(lambda: live.health()["under_way"] == 2, "their beginning")
        refused = live.look_up("user", "empty.room")
        joined = threads.submit(live.look_up, "user", "khaby.lame")

        assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
        assert [other.result().outcome for other in [*others, joined]] == ["ok"] * 3
    assert live.look_up("user", "empty.room").outcome == "ok"


def test_when_all_identities_rest_that_is_told_at_once(
    start_live: Callable[..., RunningLive], standin: RunningStandin
) -> None:
    live = start_live(POLITE_PACE="true", PACE_EXIT_SECONDS="0.01")
    standin.add_fault("captcha")
    for _ in range(4):
        live.look_up("user", "khaby.lame", deadline_seconds=10)
    began = time.monotonic()

    reply = live.look_up("user", "khaby.lame", deadline_seconds=60)

    assert time.monotonic() - began < 10
    assert (reply.outcome, reply.document["items"]) == ("blocked", [])
    assert "resting" in reply.document["reason"]
    assert reply.document["retry_after_seconds"] > 0


def test_nobody_waits_for_a_retry_that_is_far_off(
    start_live: Callable[..., RunningLive], standin: RunningStandin
) -> None:
    live = start_live(POLITE_PACE="true", PACE_EXIT_SECONDS="0.01")
    standin.add_fault("rate_limit", options={"retry_after": 30})
    began = time.monotonic()

    reply = live.look_up("user", "khaby.lame", deadline_seconds=20)

    assert time.monotonic() - began < 15
    assert reply.outcome in ("rate_limited", "blocked")
    assert reply.document["retry_after_seconds"] > 0


def test_killed_under_load_it_comes_back(start_live: Callable[..., RunningLive]) -> None:
    live = start_live()
    service = LiveService(live.config)
    slowest = 0.0

    def ask() -> str:
        nonlocal slowest
        began = time.monotonic()
        try:
            return service.look_up(Question(Lookup.USER, "khaby.lame")).outcome
        except LiveUnreachable:
            return "unreachable"
        finally:
            slowest = max(slowest, time.monotonic() - began)

    with ThreadPoolExecutor(8) as threads:
        asked: list[Future[str]] = []
        for _ in range(3):
            asked += [threads.submit(ask) for _ in range(50)]
            time.sleep(0.2)
            live.serving_process.kill()
            live.wait_until_it_answers()
        outcomes = Counter(one.result() for one in asked)

    assert set(outcomes) <= {"ok", "unreachable"}
    assert slowest < 20
    assert service.look_up(Question(Lookup.USER, "khaby.lame")).outcome == "ok"
    service.close()


def test_told_to_end_it_answers_who_waits_and_stores_all(
    start_live: Callable[..., RunningLive], standin: RunningStandin
) -> None:
    live = start_live()
    standin.add_fault("delay", "/@*", options={"seconds": 2})

    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(live.look_up, "user", name) for name in ("khaby.lame", "two.hundred")]
        wait_until(lambda: live.health()["under_way"] == 2, "their beginning")
        code = live.stop()

        assert [one.result().outcome for one in waiting] == ["ok", "ok"]
    assert code == 0
    engine = open_engine(live.database_url)
    with Session(engine) as session:
        assert {"khaby.lame", "two.hundred"} <= set(session.scalars(select(UserRow.username)))
    engine.dispose()


def test_answers_do_not_wait_for_a_database_that_is_busy_and_are_stored_all_the_same(
    start_live: Callable[..., RunningLive],
) -> None:
    live = start_live()
    assert live.look_up("user", "khaby.lame").outcome == "ok"  # so that an identity is at hand
    file = live.data_dir / DATABASE_FILE

    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        replies = [live.look_up("user", name) for name in ("two.hundred", "pinned.old")]
        assert [reply.outcome for reply in replies] == ["ok", "ok"]
        assert time.monotonic() - began < 10
        other.execute("ROLLBACK")
    live.stop()

    with closing(sqlite3.connect(file)) as database:
        stored = {name for (name,) in database.execute("SELECT username FROM users")}
    assert {"two.hundred", "pinned.old"} <= stored


def test_a_process_whose_memory_has_grown_is_followed_by_another(
    start_live: Callable[..., RunningLive],
) -> None:
    live = start_live(LIVE_MEMORY_MB="1")
    first = live.serving_process.pid

    wait_until(lambda: not psutil.pid_exists(first), "its end")

    assert live.look_up("user", "khaby.lame").outcome == "ok"
    assert live.serving_process.pid != first
    assert "Memory has grown" in live.log()


def test_when_the_parent_dies_so_does_the_service(start_live: Callable[..., RunningLive]) -> None:
    live = start_live()
    serving = live.serving_process
    assert live.process

    live.process.send_signal(signal.SIGKILL)
    live.process.wait()

    wait_until(lambda: not serving.is_running() or serving.status() == psutil.STATUS_ZOMBIE, "its end")
    with suppress(OSError), socket.create_connection(("127.0.0.1", live.port), timeout=1):
        pytest.fail("somebody still listens")


def test_a_port_that_is_taken_is_told_in_one_line(live: RunningLive) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "crawler.live"],
        cwd=ROOT, env=live.environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert told.stderr.startswith("live: LIVE_PORT: ")
