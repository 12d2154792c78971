from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.exits import read_proxy
from store.exits.exit import ExitState
from tests.crawler.crawling import Site
from tests.crawler.pools import open_books, open_pool
from tests.fixtures.standin import RunningProxy, RunningStandin
from tiktok.verdicts import Judgement, Verdict

StartProxy = Callable[..., RunningProxy]


@pytest.fixture
def use_proxies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def use(*urls: str) -> None:
        file = tmp_path / "proxies.txt"
        file.write_text("\n".join(urls))
        monkeypatch.setenv("ENABLE_PROXY", "1")
        monkeypatch.setenv("REQUIRE_PROXY", "1")
        monkeypatch.setenv("PROXY_LIST", str(file))

    return use


async def test_identities_go_out_through_their_proxy(
    site: Site, standin: RunningStandin, standin_proxy: StartProxy, use_proxies: Callable[..., None]
) -> None:
    proxy = standin_proxy("lisbon", user="me", password="hunter2")
    use_proxies(proxy.url)

    crawl = await site.crawl("profile", user="new.handle")

    assert crawl.outcome.outcome is Verdict.OK
    assert {request["exit"] for request in standin.log()["requests"]} == {"lisbon"}


async def test_a_dead_proxy_is_left_for_one_that_works(
    site: Site,
    standin: RunningStandin,
    standin_proxy: StartProxy,
    use_proxies: Callable[..., None],
    tmp_path: Path,
) -> None:
    dead, working = standin_proxy("dead"), standin_proxy("oslo")
    dead.stop()
    use_proxies(dead.url, working.url)

    crawl = await site.crawl("profile", user="new.handle,two.hundred,texts.of.all", limit="1")

    assert [outcome.outcome for outcome in crawl.outcomes.values()] == [Verdict.OK] * 3
    assert {request["exit"] for request in standin.log()["requests"]} == {"oslo"}
    with open_books(site.database_url, tmp_path) as books:
        failed = {status.name: status.failures > 0 for status in books.exits.status()}
    assert failed[dead.url] is True
    assert failed[working.url] is False


async def test_a_site_that_fails_shuts_no_exit(site: Site, standin: RunningStandin, tmp_path: Path) -> None:
    standin.add_fault("reset")

    await site.crawl("video", url="7106594312292453675")

    with open_books(site.database_url, tmp_path) as books:
        (direct,) = books.exits.status()
    assert (direct.name, direct.state, direct.failures) == ("direct", ExitState.READY, 0)


async def test_an_exit_that_fails_rests_with_its_identities(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    now = datetime.now(UTC)
    async with open_pool(database_url, tmp_path) as pool:
        exits = pool.ways_out.book
        exits.sync("list", [read_proxy("http://me:hunter2@127.0.0.1:9")], now)
        exits.switch("direct", is_on=False)
        identity = await pool.take()
        way_out = await pool.ways_out.of(identity)
        for _ in range(3):
            await pool.ways_out.note(way_out, Judgement(Verdict.NETWORK, "no_answer"), now)
        await pool.give_back(identity)
        state_before = exits.get(way_out.id).state

        await pool.ways_out.tend()
        waiting = asyncio.create_task(pool.take())
        await asyncio.sleep(0.4)
        pause = pool.pause
        state_after = exits.get(way_out.id).state
        exits.note_success(way_out.id, datetime.now(UTC))
        again = await asyncio.wait_for(waiting, 8)

    assert (state_before, state_after) == (ExitState.PROBING, ExitState.COOLING)
    assert pause is not None
    assert pause.reason == "no exit can be used"
    assert again.id == identity.id
    assert "hunter2" not in caplog.text


async def test_what_a_site_answers_is_not_held_against_a_proxy(database_url: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with open_pool(database_url, tmp_path) as pool:
        pool.ways_out.book.sync("list", [read_proxy("http://127.0.0.1:9")], now)
        way_out = await pool.ways_out.of(await pool.take())

        for rule in ("server_error", "cut_answer") * 3:
            assert not await pool.ways_out.note(way_out, Judgement(Verdict.NETWORK, rule), now)

        assert pool.ways_out.book.get(way_out.id).state is ExitState.READY
