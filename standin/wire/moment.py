"""When an answer is given, by the population's clock and the one on the wall, and where its links lead."""

from __future__ import annotations

from typing import NamedTuple

from standin.wire.links import EXPIRY_SECONDS, SOUND_EXPIRY_SECONDS
from standin.world.population import now_on

HOUR_SECONDS = 3_600


class Cdn(NamedTuple):
    """Where the media are, and how large."""

    origin: str = "https://v16-webapp-prime.us.tiktok.com"
    """Scheme and host of their links."""
    video_bytes: int = 0
    """Size of every video; 0 for small ones after their length."""


class Moment(NamedTuple):
    """Counters follow `day`; the expiry of links follows `hour`, whole hours since 1970."""

    day: int
    hour: int
    cdn: Cdn = Cdn()

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
