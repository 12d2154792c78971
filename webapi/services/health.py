"""Whether the parts that jobs need are there: asked for real, all at once, and for no longer than a moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine, select

from store.config import Config
from store.media.drive.credentials import credentials_file
from store.media.opening import reach_drive
from store.workers import living_workers

PATIENCE_SECONDS = 2.0
"""Longer than any of this takes where all is well."""
REMEMBERED_SECONDS = 30.0
"""Google counts requests, and who watches our health asks often."""


@dataclass(frozen=True, slots=True)
class Health:
    """What is there."""

    database: bool
    google_drive: bool
    scheduler: bool
    """A worker, which starts jobs, due schedules included."""
    needs_drive: bool
    """Media are to go there."""

    @property
    def status(self) -> str:
        if not self.database:
            return "unhealthy"
        return "healthy" if self.scheduler and (self.google_drive or not self.needs_drive) else "degraded"


@dataclass(slots=True)
class Probe:
    """One check. While one is under way no second begins, so a part that hangs costs one thread."""

    check: Callable[[], bool]
    remembered_seconds: float = 0.0
    _running: Future[bool] | None = None
    _ended_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> Future[bool]:
        """Begin, or give what is under way or was found just now."""
        with self._lock:
            is_old = time.monotonic() - self._ended_at > self.remembered_seconds
            if self._running is None or (self._running.done() and is_old):
                self._running = Future()
                # A daemon: the end of the process does not wait for a part that hangs.
                threading.Thread(target=self._run, args=(self._running,), daemon=True).start()
            return self._running

    def _run(self, told: Future[bool]) -> None:
        try:
            is_there = self.check()
        except Exception:  # noqa: BLE001  # whatever it is, the part is not there
            is_there = False
        self._ended_at = time.monotonic()
        told.set_result(is_there)


class HealthChecks:
    """Of one application."""

    def __init__(self, config: Config, engine: Engine) -> None:
        self.config = config
        self.engine = engine
        self.probes = {
            "database": Probe(self._has_database),
            "google_drive": Probe(self._has_drive, REMEMBERED_SECONDS),
            "scheduler": Probe(self._has_worker),
        }

    def read(self) -> Health:
        """Ask all parts; what has not answered in time counts as away."""
        asked = {name: probe.begin() for name, probe in self.probes.items()}
        wait(asked.values(), PATIENCE_SECONDS)
        found = {name: future.done() and future.result() for name, future in asked.items()}
        return Health(**found, needs_drive=self.config.media_store.startswith("drive:"))

    def _has_database(self) -> bool:
        with self.engine.connect() as connection:
            return connection.scalar(select(1)) == 1

    def _has_worker(self) -> bool:
        return bool(living_workers(self.engine, datetime.now(UTC)))

    def _has_drive(self) -> bool:
        if not credentials_file(self.config).exists():
            return False
        reach_drive(self.config)
        return True
