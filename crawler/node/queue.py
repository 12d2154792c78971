"""Scrapyd's queue of waiting crawls, for a file that somebody else may have locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from scrapyd.config import Config
from scrapyd.spiderqueue import SqliteSpiderQueue

T = TypeVar("T")

BUSY_MILLISECONDS = 500
"""How long a lock is waited for. Scrapyd stands still meanwhile; its own 5 seconds let clients run into timeouts."""


class SafeQueue(SqliteSpiderQueue):  # type: ignore[misc]  # published without types
    """Leaves no half-done change behind: one would keep its lock, and with that everybody else away, for ever."""

    def __init__(self, config: Config, project: str, table: str = "spider_queue") -> None:
        super().__init__(config, project, table)
        self.q.conn.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")

    def add(self, name: str, priority: float = 0.0, **spider_args: Any) -> None:
        self._change(lambda: super(SafeQueue, self).add(name, priority, **spider_args))

    def pop(self) -> Any:
        return self._change(super().pop)

    def remove(self, func: Callable[[Any], bool]) -> Any:
        return self._change(lambda: super(SafeQueue, self).remove(func))

    def clear(self) -> None:
        self._change(super().clear)

    def _change(self, change: Callable[[], T]) -> T:
        with self.q.conn:  # rolls back when the change fails
            return change()
