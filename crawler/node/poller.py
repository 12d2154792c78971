"""Asks Scrapyd's queue for work, five times a second, whatever goes wrong with it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from scrapyd.config import Config
from scrapyd.poller import QueuePoller
from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.logger import Logger

log = Logger()


class SafePoller(QueuePoller):  # type: ignore[misc]  # published without types
    """Scrapyd's own timer dies with the first error, and all that waits goes on waiting for ever."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.has_failed = False

    @inlineCallbacks
    def poll(self) -> Generator[Deferred[Any], Any, None]:
        try:
            yield super().poll()
        except Exception as error:  # noqa: BLE001  # nothing may end the timer
            if not self.has_failed:
                log.warn("The queue can't be read, trying again: {error}", error=error)
            self.has_failed = True
        else:
            if self.has_failed:
                log.info("The queue can be read again")
            self.has_failed = False
