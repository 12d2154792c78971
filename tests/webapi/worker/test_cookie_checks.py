"""Logins that end soon are renewed once a day by one node, whatever the number of workers; failures are announced."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from store.exits import ExitBook
from store.identities import IdentityBook
from store.models.identities import IDENTITIES
from store.secrets import Keyring
from tests.store.identities.samples import DAY, login_cookies, make_device
from tests.webapi.worker.conftest import NOW, Clock
from tests.webapi.worker.pretend_node import PretendNode
from webapi.worker.cookie_checks import SOON, CookieChecks
from webapi.worker.task import Tools


@pytest.fixture
def book(engine: Engine, tools: Tools) -> IdentityBook:
    """With an account whose login ends in five days, and one whose login lasts."""
    keyring = Keyring.load(tools.config)
    book, direct = IdentityBook(engine, keyring), ExitBook(engine, keyring).ensure_direct(NOW)
    for label, days in (("soon", 5), ("later", 50)):
        cookies = login_cookies(label, NOW + days * DAY)
        book.import_account(label, cookies, NOW, device=make_device(), exit_id=direct.id)
    return book


@pytest.fixture
def checks(tools: Tools) -> Iterator[list[CookieChecks]]:
    """The task of two workers."""
    tasks = [CookieChecks(tools), CookieChecks(replace(tools, holder="another"))]
    yield tasks
    for task in tasks:
        task.stop()


def run(checks: list[CookieChecks]) -> None:
    for task in checks:
        task.run()


def started(nodes: list[PretendNode]) -> list[str]:
    return [fields["spider"] for node in nodes for fields in node.started]


@pytest.mark.usefixtures("book")
def test_one_worker_has_logins_renewed_once_a_day(
    checks: list[CookieChecks], nodes: list[PretendNode], clock: Clock
) -> None:
    run(checks)
    clock.now += timedelta(hours=23)
    run(checks)
    first_day = started(nodes)
    clock.now += timedelta(hours=2)
    run(checks)

    assert first_day == ["renewal"]
    assert started(nodes) == ["renewal", "renewal"]


@pytest.mark.usefixtures("book")
def test_it_is_tried_again_soon_where_no_node_takes_it(
    checks: list[CookieChecks], nodes: list[PretendNode], clock: Clock
) -> None:
    for node in nodes:
        node.refuses = "no room"
    run(checks)
    for node in nodes:
        node.refuses = ""
    run(checks)
    at_once = started(nodes)
    clock.now += SOON
    run(checks)

    assert at_once == []
    assert started(nodes) == ["renewal"]


def test_nothing_is_started_while_no_login_ends(
    book: IdentityBook, engine: Engine, checks: list[CookieChecks], nodes: list[PretendNode]
) -> None:
    with engine.begin() as connection:
        connection.execute(update(IDENTITIES).values(expires_at=NOW + 30 * DAY))
    run(checks)
    nothing = started(nodes)
    with engine.begin() as connection:
        connection.execute(update(IDENTITIES).values(expires_at=NOW + 3 * DAY))
    run(checks)

    assert len(book.due_accounts(NOW)) == 2
    assert nothing == []
    assert started(nodes) == ["renewal"]


def test_what_could_not_be_renewed_is_announced_once(
    book: IdentityBook, checks: list[CookieChecks], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (account,) = book.due_accounts(NOW)
    book.note_renewal(account.id, "captcha (captcha_json)")

    for _ in range(3):
        checks[0].run()

    (line,) = caplog.messages
    assert line.startswith(f"Account soon (identity {account.id}) ends 2026-11-30")
    assert "was not renewed: captcha (captcha_json); log in again" in line
