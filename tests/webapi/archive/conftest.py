"""The API behind a real socket, with a job that found a post and archived it in Drive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from store.media.statuses import Status
from tests.webapi.archive import world
from tests.webapi.archive.contract import GOOD_JOB, VIDEO_ID
from tests.webapi.conftest import Tenant
from tests.webapi.serving import Api, serving


@pytest.fixture
def api(app: Flask, tenant: Tenant) -> Iterator[Api]:
    with serving(app) as port:
        yield Api(port, tenant.key)


@pytest.fixture
def job(api: Api, engine: Engine) -> dict[str, Any]:
    """A job of ours."""
    made: dict[str, Any] = api.post("/api/v1/jobs", GOOD_JOB).document
    world.find_posts(engine, made["number"], VIDEO_ID)
    world.archive(engine, made["number"], VIDEO_ID, Status.UPLOADED)
    return made
