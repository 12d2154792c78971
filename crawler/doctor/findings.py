"""What the doctor found: one line each, nothing secret in any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class State(StrEnum):
    """How something stands."""

    WORKS = "works"
    REFUSED = "refused"
    """The site answered, and not with what was asked for."""
    SOON = "soon"
    """It works, and will not for long."""
    FAILED = "failed"
    """It is set up and does not work."""
    OFF = "not configured"
    NOT_ASKED = "not asked"


class Health(IntEnum):
    """The exit status; the numbers mean what they mean after `scrapy crawl`."""

    WELL = 0
    BROKEN = 1
    """Something that is set up does not work."""
    INCOMPLETE = 3
    """Some operation can't be got by any route."""


ROUTES = "routes"
"""The area of the findings about the site."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    area: str
    name: str
    state: State
    detail: str = ""


def health_of(findings: Iterable[Finding], unserved: Iterable[str]) -> Health:
    """Say it in one number; `unserved` are operations that were asked for and that no route serves."""
    if any(finding.state is State.FAILED for finding in findings):
        return Health.BROKEN
    return Health.INCOMPLETE if any(unserved) else Health.WELL
