"""Has posts crawled again that were under review."""

from __future__ import annotations

from store.jobs.looks_again import make_looks_again
from webapi.worker.task import Task

AT_ONCE = 500


class LooksAgain(Task):
    """They are due hours after they were seen; a minute more or less is nothing."""

    pause_seconds = 60.0

    def run(self) -> bool:
        return make_looks_again(self.engine, self.now(), AT_ONCE) >= AT_ONCE
