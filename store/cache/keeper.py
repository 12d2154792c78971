"""What goes on behind the cache in each process: leases are renewed, and what has ended is cleared away."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from store.cache.state import LEASE_SECONDS, SWEPT_AT_ONCE, State
from store.errors import CacheLost

logger = logging.getLogger(__name__)

RENEW_SECONDS = LEASE_SECONDS / 5
LONGEST_FILL_SECONDS = 120.0
"""A fill that takes longer hangs; its lease is let go."""
SWEEP_SECONDS = 10.0


class Keeper:
    """One thread per process, from its first fill on."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._leases: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()
        self._pid = 0
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, key: str, lease: str) -> Iterator[None]:
        """Renew a lease for as long as this lasts."""
        with self._lock:
            self._make_sure_it_runs()
            self._leases[key, lease] = time.monotonic() + LONGEST_FILL_SECONDS
        try:
            yield
        finally:
            with self._lock:
                self._leases.pop((key, lease), None)

    def close(self) -> None:
        """Stop the thread."""
        self._stopped.set()
        if self._thread is not None and self._pid == os.getpid():
            self._thread.join()
        self._thread = None

    def _make_sure_it_runs(self) -> None:
        """A forked process has neither its parent's threads nor its leases."""
        if self._thread is not None and self._pid == os.getpid():
            return
        self._pid = os.getpid()
        self._leases.clear()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(self._stopped,), name="cache", daemon=True)
        self._thread.start()

    def _run(self, stopped: threading.Event) -> None:
        swept_at = time.monotonic()
        while not stopped.wait(RENEW_SECONDS):
            now = time.monotonic()
            with self._lock:
                leases = [lease for lease, end in self._leases.items() if now < end]
            try:
                if leases:
                    self._state.renew(leases)
                if now >= swept_at + SWEEP_SECONDS:
                    swept_at = now
                    self._sweep(stopped)
            except CacheLost as error:
                logger.debug("The cache could not be kept: %s", error)

    def _sweep(self, stopped: threading.Event) -> None:
        while self._state.sweep() == SWEPT_AT_ONCE and not stopped.wait(0.05):
            pass
