"""Clears away what nobody will come back for."""

from __future__ import annotations

from store.clients.sessions import forget_ended_sessions
from store.jobs.removal import drop_abandoned_jobs, drop_discarded_jobs
from webapi.worker.task import Task


class Tidying(Task):
    """Jobs that were never filled to the end or were deleted while they ran, sessions that have ended."""

    pause_seconds = 60.0

    def run(self) -> bool:
        drop_abandoned_jobs(self.engine, self.now())
        drop_discarded_jobs(self.engine)
        forget_ended_sessions(self.engine, self.now())
        return False
