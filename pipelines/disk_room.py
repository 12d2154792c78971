"""Room on the archive's disk: where there is too little, writing pauses, and nothing is ever deleted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from errno import EDQUOT, ENOSPC

from scrapy.statscollectors import StatsCollector

from pipelines.media_source import BrokenOff
from pipelines.pauses import Pause

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How often a full disk is looked at."""
TRUSTED_SECONDS = 1.0
"""How long one look holds: as long as a few hundred megabytes take."""


class DiskRoom:
    """Lets downloads through while the disk has more than `least` bytes free."""

    def __init__(
        self, free_bytes: Callable[[], int], least: int, is_closing: Callable[[], bool], stats: StatsCollector
    ) -> None:
        self.free_bytes = free_bytes
        self.least = least
        self.is_closing = is_closing
        self.stats = stats
        self.look_seconds = LOOK_SECONDS
        self._trusted_until = 0.0
        self.pause: Pause | None = None

    async def wait(self, *, after_failure: bool = False) -> None:
        """Wait until there is room; after a write that failed for want of it, at least a moment."""
        now = asyncio.get_running_loop().time
        if not after_failure and now() < self._trusted_until:
            return
        if after_failure:
            await self._pause(0)
        while (free := self.free_bytes()) < self.least:
            await self._pause(free)
        if self.pause:
            logger.warning("The disk of media has room again; downloads go on")
        self.pause = None
        self._trusted_until = now() + TRUSTED_SECONDS

    async def _pause(self, free: int) -> None:
        if not self.pause:
            self.stats.inc_value("media/pauses")
            self.pause = Pause(
                f"the disk of media has {free // 2**20} MB free, and {self.least // 2**20} MB are to stay "
                "(MEDIA_MIN_FREE_MB)"
            )
            logger.warning("Paused: %s. Make room, and downloads go on by themselves", self.pause.reason)
        if self.is_closing():
            raise BrokenOff
        await asyncio.sleep(self.look_seconds)


def is_full(error: OSError) -> bool:
    """Say whether the error means that there is no room."""
    return error.errno in (ENOSPC, EDQUOT)
