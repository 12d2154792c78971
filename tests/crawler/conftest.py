"""Fixtures of the legs: a site to crawl and a database to fill."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from crawler.identities import IdentityPool
from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.crawler.crawling import Site
from tests.crawler.pools import open_pool
from tests.fixtures.standin import RunningStandin


@pytest.fixture
def database_url(empty_database: Path, tmp_path: Path) -> str:
    """Give a test a SQLite file of its own."""
    path = tmp_path / "tiktok.db"
    shutil.copy(empty_database, path)
    return f"sqlite:///{path}"


@pytest.fixture
def site(standin: RunningStandin, database_url: str, tmp_path: Path) -> Site:
    """Give a test the stand-in at rest and an empty database."""
    return Site(standin.url, database_url, tmp_path)


@pytest.fixture
async def pool(database_url: str, tmp_path: Path) -> AsyncIterator[IdentityPool]:
    """Give a test identities that go out directly."""
    async with open_pool(database_url, tmp_path) as pool:
        yield pool


@pytest.fixture(scope="session")
def world() -> World:
    """The population of the running stand-in, to compare with."""
    return World(seed=7, users=1_000)


@pytest.fixture(scope="session")
def known(world: World) -> dict[str, Any]:
    """Name accounts, posts and a sound that the stand-in has under every seed."""
    return landmarks(world)
