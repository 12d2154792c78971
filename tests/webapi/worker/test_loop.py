"""A task's trouble is its own, and over when it is over."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.config import load_config
from store.errors import DatabaseUnreachable
from webapi.worker import loop
from webapi.worker.task import Task, Tools


class Troubled(Task):
    """Fails twice, then works, then asks for the end."""

    pause_seconds = 0.0
    trouble: Exception

    def __init__(self, tools: Tools, stopping: threading.Event) -> None:
        super().__init__(tools)
        self.stopping = stopping
        self.calls: list[str] = []

    def run(self) -> bool:
        self.calls.append("run")
        if self.calls.count("run") <= 2:
            raise self.trouble
        self.stopping.set()
        return False

    def database_came_back(self) -> None:
        self.calls.append("back?")

    def stop(self) -> None:
        self.calls.append("stop")


@pytest.fixture
def task(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Troubled:
    for wait in ("FIRST_WAIT_SECONDS", "LONGEST_WAIT_SECONDS"):
        monkeypatch.setattr(loop, wait, 0.0)
    tools = Tools(engine=sqlite_engine, config=load_config(tmp_path / "none"))
    return Troubled(tools, threading.Event())


def test_a_database_that_is_away_is_waited_for_and_said_once(
    task: Troubled, caplog: pytest.LogCaptureFixture
) -> None:
    task.trouble = DatabaseUnreachable(task.engine.url, "gone", "wait")

    with caplog.at_level(logging.WARNING):
        loop.work([task], task.stopping)

    assert task.calls == ["run", "back?", "run", "back?", "run", "stop"]
    assert len(caplog.records) == 1


def test_a_mistake_in_a_task_ends_neither_it_nor_the_others(
    task: Troubled, caplog: pytest.LogCaptureFixture
) -> None:
    task.trouble = ZeroDivisionError()

    loop.work([task], task.stopping)

    assert task.calls == ["run", "run", "run", "stop"]
    assert "Troubled failed" in caplog.text
