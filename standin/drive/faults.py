"""The fault plan: which request meets which trouble, before or after its deed is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web


class Trouble(StrEnum):
    """What happens to a request."""

    REFUSE = "refuse"
    """`status` (503) with `reason`, and nothing is done."""
    DONE_THEN_REFUSE = "done_then_refuse"
    """The same, after the deed."""
    DONE_THEN_FIN = "done_then_fin"
    """The deed, and the connection closes without an answer."""
    DONE_THEN_RST = "done_then_rst"
    """The deed, and the connection is reset."""
    FIN = "fin"
    RST = "rst"
    READ_THEN_RST = "read_then_rst"
    """`bytes` of the body are taken, then the connection is reset."""
    STALL = "stall"
    """The answer comes `seconds` late."""
    DROP_SESSION = "drop_session"
    """The upload session is gone: 404."""
    FEWER_BYTES = "fewer_bytes"
    """Only the first `bytes` of a chunk are kept, and 308 says so."""


class BadFaultPlanError(ValueError):
    """A fault was described in a way that is not understood."""


@dataclass(slots=True, kw_only=True)
class PlannedFault:
    """One rule. The first that fires decides."""

    trouble: Trouble
    method: str = "*"
    path: str = "*"
    """Shell pattern, for example `/upload/*`."""
    content_range: str = "*"
    """Shell pattern over the header, for example `bytes 0-*`, or `-` for requests without one."""
    after: int = 0
    """Matching requests it lets pass first."""
    count: int = 1
    """Requests it hits."""
    options: Mapping[str, Any] = field(default_factory=dict)
    matched: int = 0
    fired: int = 0

    def __post_init__(self) -> None:
        self.trouble = Trouble(self.trouble)

    def hits(self, request: web.Request) -> bool:
        """Tell whether a request meets it, and count it."""
        given = request.headers.get("Content-Range", "-")
        wanted = zip(
            (self.method, self.path, self.content_range), (request.method, request.path, given), strict=True
        )
        if self.fired >= self.count or not all(fnmatchcase(value, pattern) for pattern, value in wanted):
            return False
        self.matched += 1
        if self.matched <= self.after:
            return False
        self.fired += 1
        return True


@dataclass(slots=True)
class Plan:
    """The rules in force."""

    rules: list[PlannedFault] = field(default_factory=list)

    def fault_for(self, request: web.Request) -> PlannedFault | None:
        """Return the first rule that fires."""
        return next((rule for rule in self.rules if rule.hits(request)), None)


def read_planned(description: Mapping[str, Any]) -> PlannedFault:
    """Build a rule from JSON."""
    try:
        return PlannedFault(**description)
    except (TypeError, ValueError) as error:
        raise BadFaultPlanError(f"{error}") from None
