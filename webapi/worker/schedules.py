"""Makes the jobs of schedules that are due."""

from __future__ import annotations

from store.schedules.making import make_job
from store.schedules.runs import run_due_schedules
from webapi.worker.task import Task

AT_ONCE = 50


class Schedules(Task):
    """Due times to jobs."""

    pause_seconds = 1.0

    def run(self) -> bool:
        return run_due_schedules(self.engine, make_job, self.now(), AT_ONCE) >= AT_ONCE
