"""Whether TikTok Shop can be asked now: found out by asking."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Engine

from store.cache import Cache, FillTooSlow, Fresh, open_cache
from store.config import Config
from store.identities.overview import cookies_end
from tiktok.lookups import Lookup, Question
from webapi.services.live import LiveAnswer, LiveError, LiveService
from webapi.services.shop_products import GOOD, SAMPLES

ROOM = "shop_health"
"""Apart from the answers, whose figures people look at."""
PROBES = {
    "search_general": Question(Lookup.SHOP_SEARCH, "iphone case", 1),
    "trending": Question(Lookup.SHOP_TRENDING, count=1),
}
PROBE_SECONDS = 10.0
"""For each question."""
REMEMBERED_SECONDS = 30.0
"""Who watches us asks again and again: TikTok is not asked more often, whoever watches."""


@dataclass(frozen=True, slots=True)
class ShopHealth:
    """What asking came to."""

    status: str
    """`healthy`: plain requests do. `degraded`: answers come, but not all by them. `error`: none come."""
    api_accessible: bool
    cookies_valid: bool
    cookie_expires: datetime | None
    endpoints_tested: list[str]
    response_time_ms: float
    """Of the slowest question."""
    reason: str | None


class HealthChecks:
    """For all threads of a process."""

    def __init__(self, config: Config, engine: Engine, live: LiveService) -> None:
        self._engine = engine
        self._live = live
        self._cache: Cache = open_cache(config, ROOM)
        # A stand-in has nobody to protect.
        self._remembered_seconds = REMEMBERED_SECONDS if config.polite_pace else 0.0

    def check(self, now: datetime) -> ShopHealth:
        """Ask, or tell what asking came to within the last half minute."""
        with self._engine.connect() as connection:
            cookies_valid, cookie_expires = cookies_end(connection, now)
        found = self._probe()
        return ShopHealth(
            status=found["status"],
            api_accessible=found["status"] == "healthy",
            cookies_valid=cookies_valid,
            cookie_expires=cookie_expires,
            endpoints_tested=found["tested"],
            response_time_ms=found["response_time_ms"],
            reason=found["reason"],
        )

    def close(self) -> None:
        """Let go of files and connections."""
        self._cache.close()

    def _probe(self) -> Any:
        try:
            body = self._cache.read_through(
                "probe",
                self._remembered_seconds,
                lambda: Fresh(orjson.dumps(self._ask())),
                stale_seconds=0,
                fresh=not self._remembered_seconds,
            ).body
        except FillTooSlow:
            return {"status": "error", "tested": [], "response_time_ms": 0.0, "reason": "no answer in time"}
        return orjson.loads(body)

    def _ask(self) -> dict[str, Any]:
        tested: list[str] = []
        tiers: list[str] = []
        slowest, reason = 0.0, None
        for name, question in PROBES.items():
            started = time.monotonic()
            try:
                answer = self._live.look_up(question, PROBE_SECONDS)
            except LiveError as error:
                tier, reason = "error", str(error)
            else:
                tier = _tier(answer)
                reason = reason if tier == "healthy" else f"{answer.outcome}: {answer.reason}"
            slowest = max(slowest, time.monotonic() - started)
            tested.append(name)
            tiers.append(tier)
        return {
            "status": _overall(tiers),
            "tested": tested,
            "response_time_ms": round(slowest * 1000, 2),
            "reason": reason,
        }


def _tier(answer: LiveAnswer) -> str:
    if answer.outcome not in GOOD:
        return "error"
    return "degraded" if answer.route in ("browser", SAMPLES) else "healthy"


def _overall(tiers: list[str]) -> str:
    """Worst of all, but an error only when nothing came."""
    if len(set(tiers)) == 1:
        return tiers[0]
    return "degraded"
