"""Says that this worker is there."""

from __future__ import annotations

import os
import socket

from sqlalchemy import Engine

from store.workers import WorkerProcess, living_workers, say_goodbye, say_hello
from webapi.worker.task import Task, Tools, utc_now


class Presence(Task):
    """A row of its own in the table of workers."""

    pause_seconds = 5.0

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._worker = WorkerProcess(
            name=self.holder, host=socket.gethostname(), pid=os.getpid(), started_at=self.now()
        )

    def run(self) -> bool:
        say_hello(self.engine, self._worker, self.now())
        return False

    def stop(self) -> None:
        say_goodbye(self.engine, self.holder)


def is_anybody_here(engine: Engine) -> bool:
    """Whether a worker runs on this machine."""
    return any(worker.host == socket.gethostname() for worker in living_workers(engine, utc_now()))
