"""When an answer is given: the day in the population's life, and the hour on the wall clock."""

from __future__ import annotations

from typing import NamedTuple

from standin.wire.links import EXPIRY_SECONDS, SOUND_EXPIRY_SECONDS
from standin.world.population import now_on

HOUR_SECONDS = 3_600


class Moment(NamedTuple):
    """Counters follow `day`; the expiry of links follows `hour`, whole hours since 1970."""

    day: int
    hour: int

    @property
    def now(self) -> int:
        """Epoch seconds on the population's clock."""
        return now_on(self.day)

    @property
    def media_expiry(self) -> int:
        """Epoch seconds at which video, picture and subtitle links die, by the wall clock."""
        return self.hour * HOUR_SECONDS + EXPIRY_SECONDS

    @property
    def sound_expiry(self) -> int:
        """Epoch seconds at which sound links die, by the wall clock."""
        return self.hour * HOUR_SECONDS + SOUND_EXPIRY_SECONDS
