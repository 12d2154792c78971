"""What follows an answer: try again, change something, take the next route, or be done.

The table says what each verdict asks for. Two laws stand above it: a refusal never marks a target dead, and a
dead target never costs an identity anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from tiktok.routes import Operation, Route, next_route
from tiktok.verdicts import PERMANENT, Judgement, Verdict


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
    LOGIN = "login"
    """An identity that is logged in."""


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

    then: Then
    retries: tuple[Change, ...] = ()
    """One entry per retry: what to change before it."""
    wait_seconds: float = 0.0
    """How long to wait before a retry, unless the site says it."""
    cost: Cost = Cost.NONE
    permanent: bool = False
    """The target itself is so: no need to ask again."""
    is_passing: bool = False
    """It will be otherwise before long: worth another look after `LOOK_AGAIN_AFTER`."""


_NEXT = Aftermath(Then.NEXT_ROUTE)
_DEAD = Aftermath(Then.GIVE_UP, permanent=True)
_LATER = Aftermath(Then.GIVE_UP, is_passing=True)
"""Under review: hours later it may be there."""
LOOK_AGAIN_AFTER = timedelta(hours=4)
LOOKS_AGAIN = 3
"""So many times, and it is believed (facts D.2: "retry after hours, ≤3; then unavailable")."""

AFTERMATHS: Mapping[tuple[Verdict, str | None], Aftermath] = MappingProxyType(
    {
        (Verdict.OK, None): Aftermath(Then.DONE),
        # The exit or the edge is to blame: nothing is said about cookies.
        (Verdict.NETWORK, None): Aftermath(Then.NEXT_ROUTE, (Change.IDENTITY,) * 3, 2),
        (Verdict.NETWORK, "proxy_refused"): Aftermath(Then.NEXT_ROUTE, (Change.EXIT,)),
        # The limit counts per address: whoever asks next from there must wait too.
        (Verdict.RATE_LIMITED, None): Aftermath(Then.NEXT_ROUTE, (Change.NOTHING,) * 2, 60, Cost.COOL),
        (Verdict.BLOCKED, None): Aftermath(
            Then.NEXT_ROUTE, (Change.REQUEST_SHAPE, Change.EXIT), cost=Cost.COOL
        ),
        (Verdict.BLOCKED, "server_error_not_500"): Aftermath(
            Then.NEXT_ROUTE, (Change.IDENTITY,) * 2, 2, Cost.SMALL
        ),
        # Other headers sometimes pass; the challenge itself is a browser's business.
        (Verdict.WAF_CHALLENGE, None): Aftermath(Then.NEXT_ROUTE, (Change.REQUEST_SHAPE,)),
        (Verdict.CAPTCHA, None): Aftermath(Then.NEXT_ROUTE, (Change.IDENTITY,), cost=Cost.COOL),
        # Hammering on a gate is noticed; when all identities meet it, the endpoint is to blame, not they.
        (Verdict.GATED, None): Aftermath(Then.NEXT_ROUTE, (Change.DEVICE_ID,)),
        (Verdict.GATED, "invalid_entity"): _NEXT,
        # Asking again the same way is no help: what is missing comes with the list's page.
        (Verdict.GATED, "shop_token"): _NEXT,
        (Verdict.EMPTY, None): Aftermath(Then.NEXT_ROUTE, (Change.IDENTITY,), cost=Cost.STREAK),
        (Verdict.WITHHELD, None): Aftermath(Then.NEXT_ROUTE, (Change.IDENTITY,), cost=Cost.STREAK),
        (Verdict.LOGIN_REQUIRED, None): Aftermath(Then.NEXT_ROUTE, (Change.LOGIN,)),
        # Pages come in two variants, by chance: with their record and without.
        (Verdict.NO_DATA, None): Aftermath(Then.NEXT_ROUTE, (Change.NOTHING,)),
        (Verdict.NO_DATA, "bad_request"): _NEXT,
        (Verdict.NO_DATA, "redirected"): _NEXT,
        (Verdict.SCHEMA_CHANGED, None): _NEXT,
        (Verdict.SCHEMA_CHANGED, "client_page_error"): Aftermath(Then.NEXT_ROUTE, (Change.NOTHING,)),
        (Verdict.NOT_FOUND, None): _DEAD,
        # Also said of what is only hidden from our exit, so one voice is not enough.
        (Verdict.NOT_FOUND, "video_not_exist"): Aftermath(Then.CONFIRM, permanent=True),
        (Verdict.NOT_FOUND, "http_gone"): Aftermath(Then.CONFIRM, permanent=True),
        (Verdict.NOT_FOUND, "hollow_hashtag"): Aftermath(Then.CONFIRM, permanent=True),
        # One peer's word, and the page may have been put together without it.
        (Verdict.NOT_FOUND, "product_gone"): Aftermath(Then.CONFIRM, permanent=True),
        (Verdict.PRIVATE, None): _DEAD,
        # Looks the same when its owner only forbids embedding.
        (Verdict.PRIVATE, "embed_private"): Aftermath(Then.CONFIRM),
        (Verdict.BANNED, None): _DEAD,
        (Verdict.AGE_GATED, None): Aftermath(Then.GIVE_UP, (Change.LOGIN,), permanent=True),
        (Verdict.REGION_BLOCKED, None): Aftermath(Then.GIVE_UP, (Change.EXIT,) * 2, permanent=True),
        # An exit in the right country may be let in one day.
        (Verdict.REGION_BLOCKED, "region_redirect"): Aftermath(Then.GIVE_UP, (Change.EXIT,) * 2),
        (Verdict.TAKEN_DOWN, None): _DEAD,
        (Verdict.UNAVAILABLE, None): _DEAD,
        (Verdict.UNAVAILABLE, "product_unavailable"): _LATER,
        (Verdict.UNAVAILABLE, "video_abnormal"): _LATER,
        (Verdict.UNAVAILABLE, "video_first_review_unshelve"): _LATER,
        (Verdict.UNAVAILABLE, "video_need_recheck"): _LATER,
        (Verdict.UNAVAILABLE, "video_risk"): _LATER,
        (Verdict.UNAVAILABLE, "video_r_mask"): _LATER,
        (Verdict.UNAVAILABLE, "video_risk_mask"): _LATER,
    }
)
"""What follows, by verdict and rule; the rule `None` stands for all rules without a row of their own."""

TELLING: tuple[Verdict, ...] = (
    Verdict.LOGIN_REQUIRED,
    Verdict.CAPTCHA,
    Verdict.RATE_LIMITED,
    Verdict.WAF_CHALLENGE,
    Verdict.BLOCKED,
    Verdict.WITHHELD,
    Verdict.GATED,
    Verdict.EMPTY,
    Verdict.SCHEMA_CHANGED,
    Verdict.NO_DATA,
    Verdict.NETWORK,
)
"""Refusals, the most telling first: what a person can do something about, then what says who refused."""


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
    general = AFTERMATHS[judgement.verdict, None]
    return AFTERMATHS.get((judgement.verdict, judgement.rule), general)


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
    `not_found` of this target, `seen` holds the verdicts that the target got so far.
    """
    row = aftermath_of(judgement)
    if row.then is Then.DONE:
        return Accept()
    if attempt < len(row.retries):
        wait_seconds = judgement.retry_after_seconds
        return Retry(row.wait_seconds if wait_seconds is None else wait_seconds, row.retries[attempt])
    is_agreed = row.then is Then.CONFIRM and any(other is not route for other in confirmed_by)
    if row.then is Then.GIVE_UP or is_agreed:
        return GiveUp(judgement.verdict, row.permanent)
    below = next_route(operation, route, available)
    return Fall(below) if below else GiveUp(most_telling([*seen, judgement.verdict]), permanent=False)


def most_telling(verdicts: Collection[Verdict]) -> Verdict:
    """The outcome of a target that no route could settle.

    A refusal outweighs an unconfirmed `not_found`. Zero bytes are told as `blocked`: as an outcome, `empty`
    means that there is nothing, and nobody has said that.
    """
    refusals = [verdict for verdict in TELLING if verdict in verdicts]
    if not refusals:
        return next(verdict for verdict in verdicts if verdict in PERMANENT)
    return Verdict.BLOCKED if refusals[0] is Verdict.EMPTY else refusals[0]
