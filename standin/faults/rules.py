"""Fault rules: which request meets which trouble, how often and for whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from standin.callers import Caller
from standin.dice import draw

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FaultKind = Callable[[web.Request, Handler, "Fault"], Awaitable[web.StreamResponse]]

KINDS: dict[str, FaultKind] = {}
"""Every kind of trouble by its name; the modules beside this one fill it."""


class BadFaultError(ValueError):
    """A fault was described in a way the site does not understand; the message names the field."""


def fault_kind(name: str) -> Callable[[FaultKind], FaultKind]:
    """Register a kind of trouble."""

    def register(kind: FaultKind) -> FaultKind:
        KINDS[name] = kind
        return kind

    return register


@dataclass(slots=True, kw_only=True)
class Fault:
    """One rule. The first rule that fires decides; a spent rule stays listed."""

    kind: str
    path: str = "*"
    """Shell pattern over the path, for example `/api/creator/*`."""
    query: str = ""
    """Text the query must contain, for example `cursor=20`."""
    identity: str = "*"
    """`ttwid` of the visitor or session of its login, `*` for everybody."""
    exit: str = "*"
    """Name of the test proxy a request came through, or the address it came from."""
    logged_in: bool | None = None
    """Whom it spares: `True` hits only living logins, `False` only those without one."""
    count: int | None = None
    """Requests it may hit; `None` for no end."""
    after: int = 0
    """Matching requests it lets pass first."""
    probability: float = 1.0
    seed: int = 0
    """Decides, with the number of the request, which ones are hit when the probability is below one."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the kind needs to know more, for example `{"retry_after": 5}`."""
    matched: int = 0
    fired: int = 0
    memory: dict[str, bytes] = field(default_factory=dict)
    """What a kind keeps between two requests."""
    origin: str = "rule"
    """Whose doing it is: `rule`, `budget`, `token` or `chaos`."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadFaultError(f"kind: {self.kind!r} is none of {', '.join(sorted(KINDS))}")
        if not 0 <= self.probability <= 1:
            raise BadFaultError(f"probability: {self.probability} is not between 0 and 1")

    def hits(self, request: web.BaseRequest, caller: Caller) -> bool:
        """Tell whether this request meets the trouble, and count it."""
        if not fnmatchcase(request.path, self.path) or self.query not in request.query_string:
            return False
        if not self._is_for(caller) or (self.count is not None and self.fired >= self.count):
            return False
        self.matched += 1
        chance = draw(self.seed, "fault", self.matched)[0] / 2**32
        if self.matched <= self.after or chance >= self.probability:
            return False
        self.fired += 1
        return True

    def _is_for(self, caller: Caller) -> bool:
        if self.identity not in ("*", caller.identity, caller.session) or self.exit not in ("*", caller.exit):
            return False
        return self.logged_in is None or self.logged_in == caller.logged_in


@dataclass(slots=True)
class FaultRules:
    """The rules in force."""

    rules: list[Fault] = field(default_factory=list)

    def fault_for(self, request: web.BaseRequest, caller: Caller) -> Fault | None:
        """Return the first rule that fires for a request."""
        return next((rule for rule in self.rules if rule.hits(request, caller)), None)


_FIELDS = frozenset(
    (
        "kind",
        "path",
        "query",
        "identity",
        "exit",
        "logged_in",
        "count",
        "after",
        "probability",
        "seed",
        "options",
    )
)


def read_fault(description: Mapping[str, Any]) -> Fault:
    """Build a rule from JSON or from the command line."""
    unknown = sorted(set(description) - _FIELDS)
    if unknown:
        raise BadFaultError(f"{unknown[0]}: unknown field, a fault has {', '.join(sorted(_FIELDS))}")
    if "kind" not in description:
        raise BadFaultError("kind: missing")
    return Fault(**description)
