"""The shop's API behind a real socket, before a pretend live service: all in files, and all in servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from store.clients.book import create_client
from store.clients.client import Plan, Role
from store.config import Config, load_config
from tests.webapi.pretend_live import SECRET, PretendLive
from tests.webapi.serving import Api, serving
from webapi import create_app
from webapi.shop.shelf import NAME, Shelf


@pytest.fixture
def live() -> PretendLive:
    return PretendLive()


@pytest.fixture
def live_port(live: PretendLive) -> Iterator[int]:
    with live.serving() as port:
        yield port


@pytest.fixture
def config(engine: Engine, tmp_path: Path, live_port: int, cache_url: str) -> Config:
    url = engine.url.render_as_string(hide_password=False)
    return replace(
        load_config(Path("no-such.env")),
        database_url=url,
        data_dir=tmp_path / "data",
        rate_limits=False,
        live_port=live_port,
        live_secret=SECRET,
        live_deadline_seconds=5.0,
        redis_url=cache_url,
    )


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    yield app
    shelf: Shelf = app.extensions[NAME]
    shelf.close()
    app.extensions["crawler"].engine.dispose()


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
