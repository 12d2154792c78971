"""The client of the live service, against servers that answer as the service does, or fail to."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from store.config import Config, load_config
from store.live_access import ensure_live_secret, live_secret_file
from tests.fixtures.ports import free_port
from tests.webapi.answering import Reply, answering
from tiktok.errors import InvalidQuestion
from webapi.services.live import LiveBusy, LiveService, LiveTooSlow, LiveUnreachable, Lookup, Question

QUESTION = Question(Lookup.USER_VIDEOS, "khaby.lame", 30)
ANSWER = {
    "outcome": "ok",
    "reason": "30 of 120 found",
    "route": "list",
    "items": [{"type": "video", "id": "7106594312292453675"}],
    "list": {"complete": False, "truncated": None, "found": 30, "declared": 120, "cursor": "next"},
    "fetched_at": "2026-11-01T10:00:00Z",
    "retry_after_seconds": None,
    "tries": [{"route": "page", "verdict": "ok"}, {"route": "list", "verdict": "ok"}],
}


@dataclass
class Pretence:
    """A server that answers all questions alike."""

    status: int = 200
    document: Any = field(default_factory=lambda: ANSWER)
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What it was shown as authorization, and what it was asked."""
    connections: set[tuple[str, int]] = field(default_factory=set)

    @contextmanager
    def serving(self) -> Iterator[int]:
        with answering(self._reply) as port:
            yield port

    def _reply(self, request: BaseHTTPRequestHandler, question: dict[str, Any]) -> Reply:
        self.asked.append((request.headers["Authorization"], question))
        self.connections.add(request.client_address)
        time.sleep(self.seconds)
        return Reply(self.document, self.status, self.headers)


@pytest.fixture
def configured(tmp_path: Path) -> Callable[[int], Config]:
    return lambda port: replace(
        load_config(tmp_path / ".env"), data_dir=tmp_path, live_port=port, live_secret=""
    )


@pytest.fixture
def service_at(configured: Callable[[int], Config]) -> Iterator[Callable[[int], LiveService]]:
    """Give a client of the service on a port; it is closed with the test."""
    services: list[LiveService] = []

    def make(port: int) -> LiveService:
        services.append(LiveService(configured(port)))
        return services[-1]

    yield make
    for service in services:
        service.close()


def test_an_answer_is_read_with_its_list_and_tries(service_at: Callable[[int], LiveService]) -> None:
    with Pretence().serving() as port:
        service = service_at(port)
        answer = service.look_up(QUESTION)

    assert (answer.outcome, answer.route, answer.items[0]["id"]) == ("ok", "list", "7106594312292453675")
    assert answer.list
    assert (answer.list.found, answer.list.declared, answer.list.cursor) == (30, 120, "next")
    assert answer.fetched_at.isoformat() == "2026-11-01T10:00:00+00:00"
    assert [one.route for one in answer.tries] == ["page", "list"]


def test_the_question_goes_out_whole_and_with_the_secret(
    service_at: Callable[[int], LiveService], configured: Callable[[int], Config]
) -> None:
    pretence = Pretence()

    with pretence.serving() as port:
        service_at(port).look_up(QUESTION, deadline_seconds=3)

    ((authorization, asked),) = pretence.asked
    assert authorization == f"Bearer {ensure_live_secret(configured(port))}"
    assert asked == {
        "lookup": "user_videos",
        "target": "khaby.lame",
        "count": 30,
        "cursor": None,
        "category": None,
        "deadline_seconds": 3,
    }


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(configured: Callable[[int], Config]) -> None:
    config = configured(1)

    with ThreadPoolExecutor(8) as threads:
        secrets = set(threads.map(lambda _: ensure_live_secret(config), range(32)))

    assert len(secrets) == 1
    assert live_secret_file(config).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("status", [500, 502, 503, 401, 418])
def test_a_broken_service_counts_as_unreachable(
    service_at: Callable[[int], LiveService], status: int
) -> None:
    with Pretence(status=status).serving() as port, pytest.raises(LiveUnreachable):
        service_at(port).look_up(QUESTION)


def test_nobody_listening_is_told_at_once(service_at: Callable[[int], LiveService]) -> None:
    began = time.monotonic()

    with pytest.raises(LiveUnreachable):
        service_at(free_port()).look_up(QUESTION)

    assert time.monotonic() - began < 2


def test_a_busy_service_says_when_to_come_back(service_at: Callable[[int], LiveService]) -> None:
    with (
        Pretence(status=429, headers={"Retry-After": "3"}).serving() as port,
        pytest.raises(LiveBusy) as busy,
    ):
        service_at(port).look_up(QUESTION)

    assert busy.value.retry_after_seconds == 3


def test_a_deadline_that_the_service_tells_is_too_slow(service_at: Callable[[int], LiveService]) -> None:
    with Pretence(status=504).serving() as port, pytest.raises(LiveTooSlow):
        service_at(port).look_up(QUESTION)


def test_a_service_that_misses_the_deadline_is_too_slow(
    service_at: Callable[[int], LiveService], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapi.services.live.GRACE_SECONDS", 0.1)

    with Pretence(seconds=2).serving() as port, pytest.raises(LiveTooSlow):
        service_at(port).look_up(QUESTION, deadline_seconds=0.2)


def test_what_the_service_finds_wrong_names_its_field(service_at: Callable[[int], LiveService]) -> None:
    told = {"error": "target: …", "field": "target", "problem": "is not a username", "fix": "give one"}

    with Pretence(status=400, document=told).serving() as port, pytest.raises(InvalidQuestion) as refused:
        service_at(port).look_up(QUESTION)

    assert refused.value.field == "target"


def test_connections_are_kept_open(service_at: Callable[[int], LiveService]) -> None:
    pretence = Pretence()

    with pretence.serving() as port:
        service = service_at(port)
        for _ in range(10):
            service.look_up(QUESTION)

    assert len(pretence.connections) == 1


def test_a_forked_process_opens_connections_of_its_own(service_at: Callable[[int], LiveService]) -> None:
    pretence = Pretence()

    with pretence.serving() as port:
        service = service_at(port)
        service.look_up(QUESTION)
        child = multiprocessing.get_context("fork").Process(target=service.look_up, args=[QUESTION])
        child.start()
        child.join(10)
        service.look_up(QUESTION)

    assert child.exitcode == 0
    assert len(pretence.connections) == 2
