"""The application on either database, and clients of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store.clients.book import create_client
from store.clients.client import NewCredentials, Plan
from store.config import Config, load_config
from store.engine import is_mysql
from tests.webapi.serving import close
from webapi import create_app


@dataclass(frozen=True, slots=True)
class Tenant:
    """A client with its credentials, ready to ask."""

    made: NewCredentials

    @property
    def id(self) -> str:
        return self.made.client.id

    @property
    def key(self) -> dict[str, str]:
        return {"X-API-Key": self.made.api_key}


MakeTenant = Callable[[str], Tenant]


@pytest.fixture
def config(engine: Engine, tmp_path: Path) -> Config:
    """Settings for the database of the test; tests ask more often than clients may."""
    url = engine.url.render_as_string(hide_password=False)
    defaults = load_config(Path("no-such.env"))
    return replace(defaults, database_url=url, data_dir=tmp_path / "data", rate_limits=False)


@pytest.fixture
def cache_url(request: pytest.FixtureRequest, engine: Engine) -> str:
    """Where the cache is kept: in Redis where the database is a server, too, else in a file, which nothing means."""
    return request.getfixturevalue("empty_redis").url if is_mysql(engine) else ""


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    yield app
    close(app)


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def make_tenant(engine: Engine) -> MakeTenant:
    """Make a client of the API."""
    return lambda name: Tenant(create_client(engine, name, Plan.FREE, datetime.now(UTC)))


@pytest.fixture
def tenant(make_tenant: MakeTenant) -> Tenant:
    return make_tenant("reports")
