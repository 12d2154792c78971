"""The shop's API behind a real socket, before a pretend live service: all in files, and all in servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from store.clients.book import create_client
from store.clients.client import Plan, Role
from store.config import Config
from tests.webapi.pretend_live import SECRET, PretendLive
from tests.webapi.serving import Api, serving


@pytest.fixture
def live() -> PretendLive:
    return PretendLive()


@pytest.fixture
def live_port(live: PretendLive) -> Iterator[int]:
    with live.serving() as port:
        yield port


@pytest.fixture
def config(config: Config, live_port: int, cache_url: str) -> Config:
    return replace(
        config, live_port=live_port, live_secret=SECRET, live_deadline_seconds=5.0, redis_url=cache_url
    )


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    with serving(app) as port:
        yield port


@dataclass(frozen=True, slots=True)
class ShopApi:
    """A client of the family."""

    api: Api
    client_id: str
    token: str


MakeApi = Callable[..., ShopApi]


@pytest.fixture
def make_api(port: int, engine: Engine) -> MakeApi:
    """Make a client of a plan, which shows an access token, as the document has it."""

    def make(plan: Plan = Plan.PRO, *roles: Role) -> ShopApi:
        name = f"{plan} {datetime.now(UTC).timestamp()}"
        made = create_client(engine, name, plan, datetime.now(UTC), roles)
        answer = Api(port).post("/api/v1/auth/token", {"api_key": made.api_key})
        token = answer.document["access_token"]
        return ShopApi(Api(port, {"Authorization": f"Bearer {token}"}), made.client.id, token)

    return make


@pytest.fixture
def api(make_api: MakeApi) -> Api:
    """A client of the plan Pro."""
    return make_api().api
