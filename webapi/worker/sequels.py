"""Makes the jobs that follow from those that have ended."""

from __future__ import annotations

from store.jobs.sequels import make_sequels
from webapi.worker.task import Task

AT_ONCE = 50


class Sequels(Task):
    """Posts that were found to comments."""

    pause_seconds = 1.0

    def run(self) -> bool:
        return make_sequels(self.engine, self.now(), AT_ONCE) >= AT_ONCE
