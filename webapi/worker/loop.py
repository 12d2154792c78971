"""Runs the tasks until somebody says stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from store.transactions import TROUBLE
from webapi.worker.task import Task

logger = logging.getLogger(__name__)

STOP_SECONDS = 8.0
"""How long a stop waits for what is under way; whoever started us kills after 10."""
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 10.0
"""Between tries while the database is away, doubling."""


def work(tasks: Sequence[Task], stopping: threading.Event) -> None:
    """Run the tasks, each in its thread, until the event is set; then end within `STOP_SECONDS`."""
    threads = [
        # Daemons, so that a task which hangs can't keep the process from ending.
        threading.Thread(target=_repeat, args=[task, stopping], daemon=True, name=type(task).__name__)
        for task in tasks
    ]
    for thread in threads:
        thread.start()
    stopping.wait()
    deadline = time.monotonic() + STOP_SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _repeat(task: Task, stopping: threading.Event) -> None:
    name = type(task).__name__
    troubles = 0
    while not stopping.is_set():
        try:
            if troubles:
                task.database_came_back()
            wait = 0.0 if task.run() else task.pause_seconds
            troubles = 0
        except TROUBLE as error:
            wait = min(FIRST_WAIT_SECONDS * 2 ** min(troubles, 10), LONGEST_WAIT_SECONDS)
            troubles += 1
            if troubles == 1:
                logger.warning("%s waits for the database: %s", name, _one_line(error))
        except Exception:
            # One task's mistake must not end the others, nor itself.
            logger.exception("%s failed, and tries again", name)
            wait = LONGEST_WAIT_SECONDS
        stopping.wait(wait)
    try:
        task.stop()
    except TROUBLE as error:
        logger.warning("%s could not give back its leases: %s", name, _one_line(error))


def _one_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0]
