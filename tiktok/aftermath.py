"""What follows an answer: try again, change something, take the next route, or be done.

The table is the fact sheet's decision table. Two laws stand above it: a refusal never marks a target dead,
and a dead target never costs an identity anything.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from tiktok.routes import Operation, Route
from tiktok.verdicts import Judgement, Verdict


class Change(StrEnum):
    """What to change before asking again."""

    NOTHING = "nothing"
    DEVICE_ID = "device_id"
    """A new random device id for this identity."""
    IDENTITY = "identity"
    """Another identity: its cookies, User-Agent and exit all differ."""
    REQUEST_SHAPE = "request_shape"
    """Another mix of User-Agent, TLS fingerprint and extra headers."""
    EXIT = "exit"
    """Another exit, in another country when the refusal is about the region."""


class Then(StrEnum):
    """What to do once the retries are used up."""

    DONE = "done"
    NEXT_ROUTE = "next_route"
    CONFIRM = "confirm"
    """Ask a second route, and believe it when both agree."""
    GIVE_UP = "give_up"


class Cost(StrEnum):
    """What the answer says about the identity that got it."""

    NONE = "none"
    SMALL = "small"
    STREAK = "streak"
    """One more refusal in a row."""
    COOL = "cool"
    """It must rest now, longer each time; a refusal in a row too."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """One row of the table."""

    verdict: Verdict
    rule: str | None
    """`Judgement.rule` the row is for; `None` for all others of the verdict."""
    retries: tuple[Change, ...]
    """One entry per retry: what to change before it."""
    wait_seconds: float
    """How long to wait before a retry, unless the site says it."""
    then: Then
    cost: Cost
    permanent: bool
    """The target itself is so: no need to ask again."""


@dataclass(frozen=True, slots=True)
class Accept:
    """The answer is good."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Ask the same route again."""

    wait_seconds: float
    change: Change


@dataclass(frozen=True, slots=True)
class Fall:
    """Take this route instead."""

    route: Route


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The target ends with this outcome."""

    verdict: Verdict
    permanent: bool


Step = Accept | Retry | Fall | GiveUp


def aftermath_of(judgement: Judgement) -> Aftermath:
    """The row of the table for this judgement."""
    raise NotImplementedError


def next_step(
    judgement: Judgement,
    operation: Operation,
    route: Route,
    attempt: int,
    available: Collection[Route],
    *,
    confirmed_by: Collection[Route] = (),
    seen: Collection[Verdict] = (),
) -> Step:
    """Decide what to do about an answer.

    `attempt` counts the retries already made on this route, `confirmed_by` names the routes that said
    `not_found` of this target, `seen` holds the verdicts of the routes already left.
    """
    raise NotImplementedError
