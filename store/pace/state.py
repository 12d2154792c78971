"""Where the pace is kept, as the governor and the circuits see it. SQLite, MySQL and Redis all look like this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from store.pace.buckets import Bucket

PEER_SECONDS = 60
"""A governor counts as a peer for so long after its last `meet`."""
IDLE_SECONDS = 24 * 3600
"""Buckets that are full again are forgotten after a day: a new one is full, too."""

Change = Callable[[str | None], str]
"""Makes a record's new text from its old one; may run more than once, until nobody came in between."""


class StateLost(Exception):  # noqa: N818  # says what happened
    """The shared state can't be reached at the moment."""


@dataclass(frozen=True, slots=True)
class Booking:
    """A slot in the calendars of some buckets."""

    state: State
    """Who gave it: only there it means something."""
    keys: tuple[str, ...]
    slot: int
    """Microseconds of that state's clock."""
    wait_seconds: float
    """From the moment of booking."""


class State(Protocol):
    """Calendars and records shared by processes. Everything raises `StateLost` when it can't be reached."""

    async def book(self, buckets: Sequence[Bucket]) -> Booking:
        """Enter one request into all buckets at once, at the first moment that suits all."""
        ...

    async def stands(self, booking: Booking, patience_seconds: float) -> bool:
        """Tell whether a booking whose time has come may be used."""
        ...

    async def give_back(self, booking: Booking) -> None:
        """Strike a booking that was not used."""
        ...

    async def hold(self, key: str, seconds: float) -> None:
        """Send nothing for this bucket for so long."""
        ...

    async def meet(self, name: str) -> int:
        """Say that we are there; return how many governors are, ourselves included."""
        ...

    async def amend(self, name: str, change: Change) -> str:
        """Change a record in one step; return its new text."""
        ...

    async def records(self) -> Mapping[str, str]:
        """Return all records."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
