"""The API behind a real socket, all in files and all in servers, before a live service: a real or a pretended one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from standin.world.landmarks import landmarks
from standin.world.population import World
from store.clients.book import create_client
from store.clients.client import Plan, Role
from store.config import Config
from tests.fixtures.live import SECRET as LIVE_SECRET
from tests.fixtures.live import RunningLive
from tests.fixtures.standin import RunningStandin
from tests.webapi.pretend_live import SECRET, PretendLive
from tests.webapi.serving import Api, close, serving
from webapi import create_app

Serve = Callable[..., Api]
NOBODY = 9
"""A port where nobody answers."""


@pytest.fixture(scope="session")
def world() -> World:
    """The population of the running stand-in."""
    return World(seed=7, users=1_000)


@pytest.fixture(scope="session")
def known(world: World) -> dict[str, Any]:
    """What always exists on the stand-in."""
    return landmarks(world)


@pytest.fixture
def names(known: dict[str, Any]) -> dict[str, str]:
    """What stands for the parameters of paths."""
    return {
        "video": known["accounts"]["khaby.lame"]["newest_post"],
        "sound": known["sound"]["id"],
    }


@pytest.fixture
def config(config: Config, cache_url: str) -> Config:
    return replace(config, redis_url=cache_url, live_port=NOBODY, live_secret=SECRET)


@pytest.fixture
def serve(config: Config, engine: Engine) -> Iterator[Serve]:
    """Give a way to serve the API with some settings, and a client of it."""
    with ExitStack() as stack:

        def serve(*roles: Role, **settings: Any) -> Api:
            app = create_app(replace(config, **settings))
            stack.callback(close, app)
            name = f"reports {datetime.now(UTC).timestamp()}"
            made = create_client(engine, name, Plan.FREE, datetime.now(UTC), roles)
            return Api(stack.enter_context(serving(app)), {"X-API-Key": made.api_key})

        yield serve


@pytest.fixture
def api(serve: Serve, live: RunningLive, standin: RunningStandin) -> Api:
    """The API before the live service, which asks the stand-in."""
    return serve(
        live_port=live.port,
        live_secret=LIVE_SECRET,
        tiktok_base_url=standin.url,
        live_deadline_seconds=60.0,
    )


@pytest.fixture
def pretend() -> PretendLive:
    """A live service that finds whatever the test wants found: first of all a user."""
    return PretendLive(stock=[user(number) for number in range(40)])


@pytest.fixture
def pretend_api(serve: Serve, pretend: PretendLive) -> Iterator[Api]:
    with pretend.serving() as port:
        yield serve(live_port=port, live_deadline_seconds=5.0)


def user(number: int) -> dict[str, Any]:
    return {"type": "user", "id": str(68_000_000_000_000_000 + number), "username": f"user{number}"}
