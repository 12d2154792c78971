"""Processes that crawl, told apart from later ones of the same number."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta

import psutil

from store.jobs.claims import Process
from store.jobs.rows import Shard

CLOCK_TOLERANCE = timedelta(seconds=2)
"""A process's start is counted from the machine's, which the clock is set against now and then."""


def this_process() -> Process:
    """Name the process that we are."""
    return Process(host=socket.gethostname(), pid=os.getpid(), started_at=_started_at(os.getpid()))


def is_known_dead(shard: Shard) -> bool:
    """Say whether a shard's process ran on this machine and does so no more; of other machines we know nothing."""
    if shard.host != socket.gethostname() or shard.pid is None or shard.process_started_at is None:
        return False
    try:
        is_same = abs(_started_at(shard.pid) - shard.process_started_at) < CLOCK_TOLERANCE
        return not is_same or psutil.Process(shard.pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _started_at(pid: int) -> datetime:
    return datetime.fromtimestamp(psutil.Process(pid).create_time(), UTC)
