"""How long a request is tried again: exponential pauses, and an end to them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from store.media.drive.answers import Failure, Follow

ATTEMPTS = 7
"""Without any progress: about a minute."""
SLOW_ATTEMPTS = 12
"""While Google asks to slow down: about five minutes, then the store pauses."""
LONGEST_PAUSE_SECONDS = 32.0


@dataclass(slots=True)
class Patience:
    """Of one request, or of one upload, which starts anew whenever bytes arrive."""

    sleep: Callable[[float], None] = time.sleep
    attempts: int = 0

    def renew(self) -> None:
        """Something arrived."""
        self.attempts = 0

    def wait_after(self, failure: Failure) -> None:
        """Pause before the next attempt; raise what the failure means when there is none."""
        self.attempts += 1
        most = SLOW_ATTEMPTS if failure.follow is Follow.SLOW_DOWN else ATTEMPTS
        if not failure.is_passing or self.attempts >= most:
            raise failure.error(datetime.now(UTC))
        pause = min(2.0 ** (self.attempts - 1) + random.random(), LONGEST_PAUSE_SECONDS)  # noqa: S311  # no secret
        self.sleep(max(pause, min(failure.retry_after, LONGEST_PAUSE_SECONDS)))
