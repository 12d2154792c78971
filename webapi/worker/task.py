"""What a worker does again and again. Each task is one class here beside; `TASKS` in `__main__` lists them."""

from __future__ import annotations

import os
import secrets
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from store.config import Config


def utc_now() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


def own_name() -> str:
    """A name that no other worker has or had."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What all tasks work with."""

    engine: Engine
    config: Config
    holder: str = field(default_factory=own_name)
    """Whose the leases of this process are."""
    now: Callable[[], datetime] = utc_now
    seconds: Callable[[], float] = time.monotonic
    """Counts on, whoever sets the clock."""


class Task(ABC):
    """Done in a thread of its own, so that a slow one holds up no other.

    It may die at any moment: whatever it does can be done again, by any worker.
    """

    pause_seconds: float
    """Between two runs."""

    def __init__(self, tools: Tools) -> None:
        self.engine = tools.engine
        self.config = tools.config
        self.holder = tools.holder
        self.now = tools.now
        self.seconds = tools.seconds

    @abstractmethod
    def run(self) -> bool:
        """Do what is due; say whether there may be more at once."""

    def database_came_back(self) -> None:  # noqa: B027  # most tasks don't mind
        """Called before the first run after one that failed for want of the database."""

    def stop(self) -> None:  # noqa: B027  # most tasks hold nothing
        """Give back what is held; called once, when no run will follow."""
