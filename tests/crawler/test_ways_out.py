from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from crawler.identities import IdentityPool
from store.engine import open_engine
from store.exits import read_proxy
from store.exits.exit import ExitState
from store.schema import migrate
from tests.crawler.crawling import Site
from tests.crawler.pools import open_books, open_pool
from tests.fixtures.lines import Line
from tests.fixtures.standin import RunningProxy, RunningStandin
from tiktok.verdicts import Judgement, Verdict

POST = "7106594312292453675"
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


@dataclass(frozen=True)
class Bad:
    """A proxy that is no use, and what shows it."""

    fault: str
    rules: set[str]
    """How its answers are judged."""
    is_blamed: bool = True
    timeout: float = 60


BAD = {
    "it dies in the middle of answers": Bad("die", {"no_answer"}),
    "it cuts every connection": Bad("cut", {"no_answer"}),
    "it says nothing": Bad("hang", {"no_answer"}, timeout=1),
    "it drips": Bad("drip", {"no_answer"}, timeout=1),
    "it takes no credentials": Bad("refuse", {"proxy_refused"}),
    # What it says is no sign of a proxy; a page without data says nothing of the target, and nothing of us.
    "it lies": Bad("lie", {"no_payload"}, is_blamed=False),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
async def test_what_a_bad_proxy_does_is_held_against_nobody_else(
    site: Site,
    standin_proxy: StartProxy,
    use_proxies: Callable[..., None],
    known: dict[str, Any],
    bad: Bad,
) -> None:
    """The first identity goes out by the bad one, all that follow by the good one."""
    worse, better = standin_proxy("worse", fault=bad.fault), standin_proxy("better")
    use_proxies(worse.url, better.url)
    posts = [account["newest_post"] for account in known["accounts"].values() if account["posts"] > 50]

    crawl = await site.crawl("video", url=",".join(posts), settings={"DOWNLOAD_TIMEOUT": bad.timeout})

    with open_books(site.database_url, site.data_dir) as books:
        exits = {status.name: status for status in books.exits.status()}
        left = books.identities.list_identities(datetime.now(UTC))
    answers = answers_of(site)
    by_worse = {answer["rule"] for answer in answers if answer["exit"] == exits[worse.url].id}
    assert by_worse == bad.rules
    assert {outcome.outcome for outcome in crawl.outcomes.values()} <= {Verdict.OK, Verdict.NO_DATA}
    assert (exits[worse.url].state is ExitState.REFUSED) is (bad.fault == "refuse")
    assert (exits[worse.url].state is ExitState.REFUSED or exits[worse.url].failures > 0) is bad.is_blamed
    assert exits[better.url].failures == 0
    assert {status.health for status in left} == {100}


async def test_a_region_lock_is_asked_from_two_more_exits(
    site: Site,
    standin: RunningStandin,
    standin_proxy: StartProxy,
    use_proxies: Callable[..., None],
) -> None:
    use_proxies(*(standin_proxy(name).url for name in ("lisbon", "oslo", "quito", "turin")))
    standin.add_fault("status_code", options={"code": 10231})

    crawl = await site.crawl("video", url=POST)

    asked = [request["exit"] for request in standin.log()["requests"]]
    assert crawl.outcome.outcome is Verdict.REGION_BLOCKED
    assert len(asked) == len(set(asked)) == 3


def answers_of(site: Site) -> list[dict[str, Any]]:
    files = sorted((site.data_dir / "requests").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


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


async def until_away(pool: IdentityPool) -> None:
    while pool.ways_out.patience.away_since is None:  # noqa: ASYNC110  # a failed try is no event
        await asyncio.sleep(0.01)


async def test_whoever_looks_for_its_way_out_waits_for_a_database_that_is_away(
    line: Line, fresh_mysql_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.patience.FIRST_PAUSE_SECONDS", 0.02)
    url = fresh_mysql_url.set(host="127.0.0.1", port=line.port)
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    async with open_pool(url.render_as_string(hide_password=False), tmp_path) as pool:
        now = datetime.now(UTC)
        pool.ways_out.book.sync("list", [read_proxy("http://127.0.0.1:9")], now)
        pool.ways_out.book.switch("direct", is_on=False)
        identity = await pool.take()
        line.cut()

        looking = asyncio.create_task(pool.ways_out.of(identity))
        await until_away(pool)
        line.mend()
        way_out = await asyncio.wait_for(looking, 30)
        line.cut()
        told = Judgement(Verdict.NETWORK, "no_answer")
        blaming = asyncio.create_task(pool.ways_out.note(way_out, told, now))
        await until_away(pool)
        line.mend()

        assert way_out.url == "http://127.0.0.1:9"
        assert await asyncio.wait_for(blaming, 30)
        (_direct, proxy) = pool.ways_out.book.status()
        assert proxy.failures == 1


async def test_what_a_site_answers_is_not_held_against_a_proxy(database_url: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with open_pool(database_url, tmp_path) as pool:
        pool.ways_out.book.sync("list", [read_proxy("http://127.0.0.1:9")], now)
        way_out = await pool.ways_out.of(await pool.take())

        for rule in ("server_error", "cut_answer") * 3:
            assert not await pool.ways_out.note(way_out, Judgement(Verdict.NETWORK, rule), now)

        assert pool.ways_out.book.get(way_out.id).state is ExitState.READY


BY_ROUTE = {"DOWNLOAD_HANDLERS": {"http": "crawler.handlers.by_route.RouteHandler", "https": None}}


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_plain_requests_go_out_through_a_socks_proxy_with_a_password(
    site: Site,
    standin: RunningStandin,
    standin_proxy: StartProxy,
    use_proxies: Callable[..., None],
    scheme: str,
) -> None:
    proxy = standin_proxy("lisbon", user="me", password="p%40ss", socks=True)
    use_proxies(proxy.url.replace("socks5", scheme, 1).replace("p%40ss", "p%2540ss"))

    crawl = await site.crawl("profile", user="new.handle", settings=BY_ROUTE)

    assert crawl.outcome.outcome is Verdict.OK
    assert {request["exit"] for request in standin.log()["requests"]} == {proxy.address}


async def test_a_socks_proxy_that_refuses_our_password_or_is_dead_is_blamed(
    site: Site,
    standin: RunningStandin,
    standin_proxy: StartProxy,
    use_proxies: Callable[..., None],
    tmp_path: Path,
) -> None:
    strict = standin_proxy("strict", user="me", password="right", socks=True)
    dead, working = standin_proxy("dead", socks=True), standin_proxy("oslo", socks=True)
    dead.stop()
    use_proxies(strict.url.replace("right", "wrong"), dead.url, working.url)

    crawl = await site.crawl(
        "profile", user="new.handle,two.hundred,texts.of.all", limit="1", settings=BY_ROUTE
    )

    assert [outcome.outcome for outcome in crawl.outcomes.values()] == [Verdict.OK] * 3
    assert {request["exit"] for request in standin.log()["requests"]} == {working.address}
    with open_books(site.database_url, tmp_path) as books:
        reasons = {status.name: status.reason for status in books.exits.status()}
    assert "proxy_refused" in reasons.values()
    assert "wrong" not in str(reasons)
