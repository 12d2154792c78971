"""Visits to the stand-in's pages, in a real Chromium and without a crawl around them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.async_api import Browser, Response

from crawler.browser.visits import PageHung, Patience, Visit, Wish
from tests.fixtures.browser import Discussion
from tests.fixtures.standin import RunningStandin
from tiktok.endpoints import Known
from tiktok.harvests import Harvest
from tiktok.items import Comment
from tiktok.routes import Operation
from tiktok.targets import hashtag_target, user_target, video_target
from tiktok.verdicts import Verdict

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHORT = Patience(seconds=1.5, waiting_page_seconds=8, call_seconds=3)
TAG_LIST, COMMENT_LIST = "/api/challenge/item_list/", "/api/comment/list/"


@dataclass
class Tourist:
    """Somebody who visits the stand-in, each time in a context of their own."""

    browser: Browser
    site: str
    patience: Patience = SHORT

    async def visit(self, path: str, harvest: Harvest, **wish: Any) -> str | None:
        context = await self.browser.new_context()
        page = await context.new_page()
        visit = Visit(page, harvest, self.patience, Wish(**{"is_enough": lambda h: h.has_ended, **wish}))
        try:
            await page.goto(self.site + path, wait_until="commit")
            return await visit.walk()
        finally:
            await visit.settle()
            await context.close()


@pytest.fixture
def tourist(browser: Browser, standin: RunningStandin) -> Tourist:
    """Somebody to send to the stand-in at rest."""
    return Tourist(browser, standin.url)


def tag_harvest() -> Harvest:
    return Harvest(Operation.HASHTAG_VIDEOS, hashtag_target("funny"))


def rows(count: int) -> Callable[[Harvest], bool]:
    return lambda harvest: len(set(harvest.row_keys())) >= count


async def test_scrolling_brings_rows_and_closes_the_invitation_to_log_in(tourist: Tourist) -> None:
    harvest = tag_harvest()

    stopped = await tourist.visit("/tag/funny", harvest, is_enough=rows(150))

    assert stopped is None
    assert 150 <= len(set(harvest.row_keys())) <= 210
    assert harvest.page
    assert harvest.page.reply.status == 200


async def test_each_scroll_takes_a_turn(tourist: Tourist) -> None:
    harvest = tag_harvest()
    turns: list[int] = []

    async def turn() -> None:
        turns.append(harvest.size)

    await tourist.visit("/tag/funny", harvest, is_enough=rows(90), turn=turn)

    assert len(turns) >= 2
    assert turns == sorted(turns)


async def test_a_visit_that_is_called_off_waits_for_no_turn(tourist: Tourist) -> None:
    harvest = tag_harvest()
    is_waiting = asyncio.Event()

    async def turn() -> None:
        is_waiting.set()
        await asyncio.Event().wait()

    stopped = await asyncio.wait_for(
        tourist.visit("/tag/funny", harvest, turn=turn, is_called_off=is_waiting.is_set), 30
    )

    assert stopped == "the crawl was stopped"
    assert any(harvest.row_keys())


async def test_the_pages_own_button_mends_what_went_wrong(tourist: Tourist, standin: RunningStandin) -> None:
    standin.add_fault("empty", TAG_LIST, after=1, count=2)
    harvest = tag_harvest()

    stopped = await tourist.visit("/tag/funny", harvest, is_enough=rows(90))

    assert stopped is None
    assert len(set(harvest.row_keys())) >= 90
    assert harvest.refusal is None


async def test_an_answer_that_is_read_late_is_not_taken_for_that_to_the_next_refresh(
    tourist: Tourist, standin: RunningStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    standin.add_fault("empty", TAG_LIST, after=1, count=2)
    harvest, read = tag_harvest(), Visit._read

    async def read_late(visit: Visit, response: Response, *, is_document: bool) -> None:
        await asyncio.sleep(0.2)
        await read(visit, response, is_document=is_document)

    monkeypatch.setattr(Visit, "_read", read_late)

    assert await tourist.visit("/tag/funny", harvest, is_enough=rows(90)) is None
    assert len(set(harvest.row_keys())) >= 90


async def test_what_two_refreshes_do_not_mend_ends_the_visit(
    tourist: Tourist, standin: RunningStandin
) -> None:
    standin.add_fault("empty", TAG_LIST, after=1)
    harvest = tag_harvest()

    await tourist.visit("/tag/funny", harvest)

    assert standin.log()["counts"][TAG_LIST] == 4
    assert len(set(harvest.row_keys())) == 30
    assert harvest.broken_off
    assert harvest.broken_off.verdict is Verdict.EMPTY


async def test_a_captcha_ends_the_visit_at_once(tourist: Tourist, standin: RunningStandin) -> None:
    standin.add_fault("captcha", TAG_LIST, after=2)
    harvest = tag_harvest()

    await tourist.visit("/tag/funny", harvest)

    assert standin.log()["counts"][TAG_LIST] == 3
    assert harvest.broken_off
    assert harvest.broken_off.verdict is Verdict.CAPTCHA


async def test_a_list_that_brings_nothing_new_is_left_and_says_so(
    tourist: Tourist, standin: RunningStandin
) -> None:
    standin.add_fault("delay", TAG_LIST, after=1, options={"seconds": 4})
    harvest = tag_harvest()

    stopped = await tourist.visit("/tag/funny", harvest)

    assert stopped == "nothing new in 1.5 s"
    assert len(set(harvest.row_keys())) == 30
    assert not harvest.has_ended


async def test_a_missing_hashtag_is_not_waited_for(tourist: Tourist) -> None:
    harvest = Harvest(Operation.HASHTAG_VIDEOS, hashtag_target("nosuchtag"))

    assert await tourist.visit("/tag/nosuchtag", harvest) is None
    assert harvest.judgement
    assert harvest.judgement.verdict is Verdict.NOT_FOUND


async def test_comments_are_opened_scrolled_and_unfolded(
    tourist: Tourist, standin: RunningStandin, discussed: Discussion
) -> None:
    standin.add_fault("unsigned", "/api/comment/*")
    harvest = Harvest(Operation.COMMENTS, video_target(discussed.video_id))

    await tourist.visit(f"/@_/video/{discussed.video_id}", harvest)

    comments = {item.key for item in harvest.reply().parsed.items if isinstance(item, Comment)}
    assert len(comments) == discussed.total
    assert 0 < len(set(harvest.row_keys())) < discussed.total


async def test_replies_nobody_wants_stay_folded(tourist: Tourist, discussed: Discussion) -> None:
    harvest = Harvest(Operation.COMMENTS, video_target(discussed.video_id))

    await tourist.visit(f"/@_/video/{discussed.video_id}", harvest, unfolds=False)

    assert (harvest.along, harvest.has_ended) == (0, True)


async def test_the_waiting_page_lets_a_browser_pass(tourist: Tourist, standin: RunningStandin) -> None:
    standin.add_fault("waf", "/@khaby.lame")
    harvest = Harvest(Operation.PROFILE, user_target("khaby.lame"))

    await tourist.visit("/@khaby.lame", harvest, is_enough=lambda h: h.judgement.verdict is Verdict.OK)

    assert harvest.judgement
    assert harvest.judgement.verdict is Verdict.OK
    assert [request["path"] for request in standin.log()["requests"]].count("/@khaby.lame") == 2


async def test_a_record_that_the_page_leaves_to_its_script_is_waited_for(
    tourist: Tourist, standin: RunningStandin
) -> None:
    standin.change(rendering="shell")
    harvest = Harvest(Operation.PROFILE, user_target("khaby.lame"), Known())

    await tourist.visit("/@khaby.lame", harvest, is_enough=lambda h: h.judgement.verdict is Verdict.OK)

    assert harvest.judgement
    assert harvest.judgement.verdict is Verdict.OK
    assert harvest.reply().url.partition("?")[0].endswith("/api/user/detail/")


async def test_a_page_that_hangs_is_noticed(tourist: Tourist, standin: RunningStandin) -> None:
    standin.add_fault("hang", "/tag/funny", options={"seconds": 10})
    impatient = replace(tourist, patience=replace(SHORT, call_seconds=0.5))

    with pytest.raises(PageHung):
        await impatient.visit("/tag/funny", tag_harvest())


async def test_a_visit_that_is_called_off_brings_home_what_it_has(tourist: Tourist) -> None:
    harvest = tag_harvest()

    stopped = await tourist.visit(
        "/tag/funny", harvest, is_called_off=lambda: len(set(harvest.row_keys())) >= 60
    )

    assert stopped == "the crawl was stopped"
    assert 60 <= len(set(harvest.row_keys())) < 600
