"""The application with all its families, and clients to attack it with and to be attacked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from store.clients.book import create_client
from store.clients.client import Plan, Role
from tests.security.belongings import Belongings, acquire
from tests.webapi.conftest import Tenant, app, config, http, make_tenant, tenant

__all__ = ["app", "config", "http", "make_tenant", "tenant"]

MakeClient = Callable[..., Tenant]


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """What is attacked here is the API; both databases are attacked by the tests of its families."""
    return sqlite_engine


@pytest.fixture
def make_client(engine: Engine) -> MakeClient:
    """Make a client of a plan, with roles."""

    def make(name: str, plan: Plan = Plan.PRO, *roles: Role) -> Tenant:
        return Tenant(create_client(engine, name, plan, datetime.now(UTC), roles))

    return make


@pytest.fixture
def victim(http: FlaskClient, make_client: MakeClient) -> Belongings:
    """A client that has one of everything."""
    return acquire(http, make_client("victim"))


@pytest.fixture
def attacker(make_client: MakeClient) -> Tenant:
    """A client like any other."""
    return make_client("attacker")


@pytest.fixture
def document(http: FlaskClient) -> dict[str, Any]:
    """The API as its documentation describes it."""
    found: dict[str, Any] = http.get("/openapi.json").get_json()
    return found


@pytest.fixture
def admin(make_client: MakeClient) -> Tenant:
    """Who runs the installation."""
    return make_client("operator's own", Plan.ENTERPRISE, Role.ADMIN)
