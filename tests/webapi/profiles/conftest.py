"""The API behind a real socket, and crawls that end when a test says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from store.config import Config
from store.jobs.ledger import Finding
from store.jobs.services import get_job
from store.models.jobs import JOBS
from store.upserts import write
from store.workers import WorkerProcess, say_hello
from tests.store.factories import make_user
from tests.store.jobs_made import crawl
from tests.webapi.conftest import Tenant
from tests.webapi.profiles.contract import PATH, callback
from tests.webapi.serving import Api, close, serving
from tiktok.outcomes import Outcome
from tiktok.routes import Operation
from tiktok.targets import TargetKind
from tiktok.verdicts import Verdict
from webapi import create_app

Serve = Callable[..., Api]
CrawlNext = Callable[..., threading.Thread]


@pytest.fixture
def api(app: Flask, engine: Engine, tenant: Tenant) -> Iterator[Api]:
    """The API with one profile that was read an hour and a half ago, and with noise beside it."""
    read(engine, datetime.now(UTC) - timedelta(minutes=90))
    write(engine, [make_user(id="6800000000000000011", username="tom", followers=5)])
    with serving(app) as port:
        yield Api(port, tenant.key)


@pytest.fixture
def serve(config: Config, tenant: Tenant) -> Iterator[Serve]:
    """Give a way to serve the API with other settings."""
    with ExitStack() as stack:

        def serve(**settings: Any) -> Api:
            app = create_app(replace(config, **settings))
            stack.callback(close, app)
            return Api(stack.enter_context(serving(app)), tenant.key)

        yield serve


@pytest.fixture
def worker(engine: Engine) -> None:
    """Let it look as if a worker ran."""
    now = datetime.now(UTC)
    say_hello(engine, WorkerProcess(name="test", host="here", pid=1, started_at=now), now)


def read(engine: Engine, at: datetime) -> None:
    """Note that Maya's profile was read at a moment."""
    user = make_user(scraped_at=at)
    told = Outcome(
        operation=Operation.PROFILE,
        kind=TargetKind.USER,
        target="maya",
        outcome=Verdict.OK,
        reason="",
        route="page",
        at=at,
    )
    write(engine, [user], [told], now=at)


def queue(api: Api, *usernames: Any) -> str:
    """Make a request; return its id."""
    answer = api.post(PATH, callback(*usernames))
    assert answer.status == 200, answer.body
    return str(answer.document["data"]["request_id"])


def end(engine: Engine, request_id: str, outcomes: Sequence[Finding]) -> None:
    """Let a process do all of a request."""
    crawl(engine, get_job(engine, request_id), datetime.now(UTC), outcomes)


@pytest.fixture
def crawl_next(engine: Engine) -> Iterator[CrawlNext]:
    """Give a way to crawl the next job that is made, behind the back of whoever waits for it."""
    threads: list[threading.Thread] = []

    def crawl_next(*outcomes: Finding) -> threading.Thread:
        def work() -> None:
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                with engine.connect() as connection:
                    job_id = connection.scalar(select(JOBS.c.id).where(JOBS.c.is_sealed))
                if job_id is not None:
                    crawl(engine, get_job(engine, job_id), datetime.now(UTC), outcomes)
                    return
                time.sleep(0.02)

        thread = threading.Thread(target=work)
        thread.start()
        threads.append(thread)
        return thread

    yield crawl_next
    for thread in threads:
        thread.join()
