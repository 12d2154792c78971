"""Groups of endpoints that share limits. A blueprint names its group, a view may name others.

JOBS = FamilyBlueprint("jobs", __name__, limits=BY_ADDRESS)

@limited_by(SHOP, SHOP_REFRESH)
def refresh(): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar

from store.clients.client import Client
from store.config import Config
from store.limits.limit import UNITS, Limit

MINUTE, HOUR, DAY = UNITS["minute"], UNITS["hour"], UNITS["day"]
GROUPS = "limit_groups"

View = TypeVar("View", bound=Callable[..., Any])


class Whose(Enum):
    """Who shares a counter."""

    ADDRESS = auto()
    """Counted before credentials are read, so that guessing them counts, too."""
    CLIENT = auto()
    """All keys and tokens of a client together: another key would else be another allowance."""


@dataclass(frozen=True, slots=True)
class Group:
    """Endpoints that are counted together."""

    name: str
    whose: Whose
    limits: Callable[[Config, Client | None], tuple[Limit, ...]]
    """None for whom nothing is limited. The client is known where the counter is a client's."""


def limited_by(*groups: Group) -> Callable[[View], View]:
    """Count a view's requests in these groups instead of its blueprint's."""

    def decorate(view: View) -> View:
        setattr(view, GROUPS, groups)
        return view

    return decorate


def _live(name: str) -> Group:
    def limits(config: Config, _client: Client | None) -> tuple[Limit, ...]:
        return (Limit(config.rate_limit_live.get(name, config.rate_limit_per_minute), MINUTE),)

    return Group(f"live {name}", Whose.CLIENT, limits)


def _archive(config: Config, _client: Client | None) -> tuple[Limit, ...]:
    return (Limit(config.rate_limit_requests_per_minute, MINUTE, config.rate_limit_burst),)


def _plan(config: Config, client: Client | None) -> tuple[Limit, ...]:
    most = config.rate_limit_plans.get(client.plan) if client else None
    return (Limit(most, DAY),) if most else ()


def _refresh(config: Config, client: Client | None) -> tuple[Limit, ...]:
    most = config.rate_limit_refresh.get(client.plan) if client else None
    return (Limit(most, HOUR),) if most else ()


BY_ADDRESS = Group("address", Whose.ADDRESS, lambda config, _: config.rate_limit_address)
HEALTH = Group(
    "health", Whose.ADDRESS, lambda config, _: (Limit(config.rate_limit_live.get("health", 1000), MINUTE),)
)
"""Of its own, so that whoever watches us does not use up what users of the same address have."""
TOKENS = Group("tokens", Whose.ADDRESS, lambda config, _: config.rate_limit_tokens)
ARCHIVE = Group("archive", Whose.CLIENT, _archive)
PROFILES = Group("profiles", Whose.CLIENT, lambda config, _: config.rate_limit_profiles)
SHOP = Group("shop", Whose.CLIENT, _plan)
SHOP_REFRESH = Group("shop refresh", Whose.CLIENT, _refresh)
LIVE_TRENDING, LIVE_USER, LIVE_VIDEO, LIVE_HASHTAG, LIVE_SEARCH, LIVE_SOUND, LIVE_HEALTH = map(
    _live, ("trending", "user", "video", "hashtag", "search", "sound", "health")
)
LIVE_OTHER = _live("other")
"""What has no group of its own in that contract: `RATE_LIMIT_PER_MINUTE`."""
