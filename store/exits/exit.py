"""One exit, as the crawl sees it and as an operator does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

DIRECT = "direct"
"""Name and source of the exit that is this machine itself."""


class ExitState(StrEnum):
    """Whether requests may go out there."""

    READY = "ready"
    PROBING = "probing"
    """It failed too often of late: one request decides."""
    COOLING = "cooling"
    """The probe failed; the next one is due when the cooldown is over."""
    REFUSED = "refused"
    """It does not take our credentials (407): nothing changes until these change."""
    RETIRED = "retired"
    """Gone from the list it came from, for good; so are its identities."""
    OFF = "off"
    """Not wanted at present: the direct way while proxies are required."""


@dataclass(slots=True, kw_only=True)
class Exit:
    """A way out to the internet."""

    id: int
    name: str
    """Address without credentials: safe to show."""
    url: str | None = field(default=None, repr=False)
    """The proxy's address with credentials; nothing for the direct way."""
    state: ExitState = ExitState.READY
    country: str | None = None
    """ISO 3166-1 alpha-2, where the provider tells it."""
    cooldown_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitStatus:
    """One line of the exits' table; nothing in it is secret."""

    id: int
    name: str
    source: str
    state: ExitState
    country: str | None
    identities: int
    """Living ones bound to it."""
    failures: int
    """In a row."""
    cooldown_until: datetime | None
    last_used_at: datetime | None
    reason: str | None
    """Why it is not ready."""
