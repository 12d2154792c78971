"""Contexts: whose they are, how long they last, what the next one remembers."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from crawler.browser.contexts import IDLE_KEPT, Contexts

pytestmark = pytest.mark.asyncio(loop_scope="module")

COOKIE = {"name": "ttwid", "value": "x", "domain": "127.0.0.1", "path": "/"}


async def stay(contexts: Contexts, browser: Browser, identity: str) -> str:
    """Visit a page as scrapy-playwright does: the context is made where the name is a new one."""
    async with contexts.room(identity) as room:
        if room.context is None:
            room.context = await browser.new_context(**contexts.storage(identity))
            await room.context.add_cookies([COOKIE])  # type: ignore[list-item]  # a dict of the right form
        return room.name


async def test_an_identity_keeps_its_context_and_shares_it_with_nobody(browser: Browser) -> None:
    contexts = Contexts()

    names = [await stay(contexts, browser, identity) for identity in ("a", "b", "a")]

    assert names[0] == names[2] != names[1]


async def test_a_context_is_replaced_after_its_visits_by_one_that_remembers(browser: Browser) -> None:
    contexts, before = Contexts(visits=2), len(browser.contexts)

    names = [await stay(contexts, browser, "a") for _ in range(4)]
    remembered = contexts.storage("a")["storage_state"]["cookies"]

    assert names[0] == names[1] != names[2] == names[3]
    assert len(browser.contexts) == before
    assert [(cookie["name"], cookie["value"]) for cookie in remembered] == [("ttwid", "x")]


async def test_a_context_in_use_is_not_closed_under_a_visit(browser: Browser) -> None:
    contexts = Contexts(visits=1)

    async with contexts.room("a") as room:
        room.context = await browser.new_context()
        async with contexts.room("a") as same:
            assert same is room
        assert room.context in browser.contexts

    assert room.context not in browser.contexts


async def test_few_idle_contexts_are_kept(browser: Browser) -> None:
    contexts, before = Contexts(), len(browser.contexts)

    for number in range(IDLE_KEPT + 4):
        await stay(contexts, browser, f"identity-{number}")

    assert len(browser.contexts) == before + IDLE_KEPT
