"""Unfinished files that nobody goes on with: their posts were never met again."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine

from store.media.disk import DiskArchive
from store.media.holders import held_posts

logger = logging.getLogger(__name__)

ABANDONED_AFTER = timedelta(days=1)


def sweep_parts(disk: DiskArchive, engine: Engine, now: datetime) -> int:
    """Remove parts that nobody has written to for a day, and whose posts nobody is at work on; say how many."""
    before = (now - ABANDONED_AFTER).timestamp()
    held = held_posts(engine, now)
    swept, room = 0, 0
    for part in disk.parts.glob("*.part"):
        try:
            found = part.stat()
            if found.st_mtime < before and part.name.partition("-")[0] not in held:
                part.unlink()
                swept, room = swept + 1, room + found.st_size
        except FileNotFoundError:  # somebody finished it just now
            continue
    if swept:
        logger.info(
            "%d unfinished files, %d MB, were removed: nobody went on with them", swept, room // 2**20
        )
    return swept
