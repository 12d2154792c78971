"""A station that waits for something outside says so here, and the crawl's job is told why nothing moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a station waits."""

    reason: str
    until: datetime | None = None
    """Unknown where somebody has to mend something."""
