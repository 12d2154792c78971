"""An endpoint that refuses everybody is left alone by the crawl that found out and by those after it."""

from __future__ import annotations

import asyncio
import time

import pytest

from crawler.dispatch import Dispatcher
from crawler.errands import Errand
from crawler.identities import Stopped
from crawler.list_runs import ListRun
from pipelines.selection import Selection
from standin.world.population import World
from store.circuits import Circuits, Permit
from store.pace.memory_state import MemoryState
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.endpoints import Known
from tiktok.items import Video
from tiktok.routes import Operation, Route
from tiktok.urls import TargetKind, read_target
from tiktok.verdicts import Verdict

TARGET = read_target("7106594312292453675", TargetKind.VIDEO)
ENDPOINTS = ("video:page", "video:embed", "video:api")


async def open_circuit(circuits: Circuits, *endpoints: str, now: float) -> None:
    for endpoint in endpoints:
        for number in range(20):
            await circuits.note(endpoint, number % 4, "gated", now=now, permit=Permit())
        await circuits.allows(endpoint, now + 1.1)


@pytest.fixture
def names(world: World) -> list[str]:
    """Enough to keep a crawl busy for longer than the second in which processes learn from each other."""
    return list(world.ordinary_usernames(80))


async def test_a_crawl_stops_asking_an_endpoint_that_refuses_everybody(
    site: Site,
    standin: RunningStandin,
    names: list[str],
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    standin.add_fault("captcha", "/@*")

    crawl = await site.crawl("profile", user=",".join(names), limit="1")

    asked = sum(request["path"].startswith("/@") for request in standin.log()["requests"])
    passed_over = crawl.stats["circuit/profile:page/passed_over"]
    assert {outcome.outcome for outcome in crawl.outcomes.values()} == {Verdict.OK}
    assert 20 <= asked < 2 * len(names)
    assert passed_over > 0
    assert [
        message for message in caplog.messages if message.startswith("profile:page refuses everybody")
    ] == [message for message in caplog.messages if "profile:page" in message]
    assert f"profile:page refused everybody: passed over {passed_over} times" in capsys.readouterr().err


async def test_the_next_crawl_knows_it(site: Site, standin: RunningStandin, names: list[str]) -> None:
    standin.add_fault("captcha", "/@*")
    await site.crawl("profile", user=",".join(names), limit="1")
    standin.reset()

    crawl = await site.crawl("profile", user=names[0], limit="1")

    assert [post.route for post in crawl.of_type(Video)] == ["list"]
    assert "/@" + names[0] not in standin.log()["counts"]


async def test_a_dead_target_is_an_answer_and_opens_nothing(site: Site) -> None:
    missing = [f"nobody.at.all.{number}" for number in range(40)]

    crawl = await site.crawl("profile", user=",".join(missing))

    assert {outcome.outcome for outcome in crawl.outcomes.values()} == {Verdict.BANNED}
    assert not [stat for stat in crawl.stats if stat.startswith("circuit/")]


async def test_a_list_whose_circuit_opens_in_the_middle_goes_on_by_the_next_route(
    dispatcher: Dispatcher,
) -> None:
    await open_circuit(dispatcher.circuits, "profile_videos:list", now=time.time() - 5)
    user = read_target("@somebody", TargetKind.USER)
    run = ListRun(Operation.PROFILE_VIDEOS, user.key, Selection(), found=15)
    errand = Errand(Operation.PROFILE_VIDEOS, user, Known(sec_uid="MS4wLjABAAAA" + "a" * 64), run, Route.LIST)

    request = await dispatcher.request(errand, print)

    assert request is not None
    assert (errand.route, errand.run) == (Route.API, run)


async def test_an_impatient_crawl_ends_a_target_that_no_endpoint_would_answer(dispatcher: Dispatcher) -> None:
    await open_circuit(dispatcher.circuits, *ENDPOINTS, now=time.time() - 5)
    errand = Errand(Operation.VIDEO, TARGET)

    request = await dispatcher.request(errand, print)

    assert request is None
    assert [(refusal.route, refusal.judgement.rule) for refusal in errand.refusals] == [
        (route, "circuit_open") for route in (Route.PAGE, Route.EMBED, Route.API)
    ]
    assert errand.refusals[0].judgement.detail.startswith(
        "video:page is not asked: 20 of 20 requests refused"
    )


async def test_a_retry_whose_circuit_opened_takes_the_next_route(dispatcher: Dispatcher) -> None:
    await open_circuit(dispatcher.circuits, "video:page", now=time.time() - 5)
    errand = Errand(Operation.VIDEO, TARGET, route=Route.PAGE, attempt=1)

    request = await dispatcher.request(errand, print)

    assert request is not None
    assert (errand.route, errand.attempt) == (Route.EMBED, 0)


async def test_a_patient_crawl_waits_for_the_probe(dispatcher: Dispatcher) -> None:
    dispatcher.is_patient = True
    await open_circuit(dispatcher.circuits, *ENDPOINTS, now=time.time() - 60)
    errand = Errand(Operation.VIDEO, TARGET)

    waiting = asyncio.create_task(dispatcher.request(errand, print))
    await asyncio.sleep(0.2)
    was_waiting = not waiting.done()
    request = await asyncio.wait_for(waiting, 10)

    assert was_waiting
    assert request is not None
    assert request.meta["permit"] == Permit(is_probe=True)
    assert errand.refusals == []


async def test_nobody_waits_for_a_probe_when_the_crawl_ends(dispatcher: Dispatcher) -> None:
    dispatcher.is_patient = True
    await open_circuit(dispatcher.circuits, *ENDPOINTS, now=time.time() - 5)
    dispatcher.pool._is_stopping = lambda: True

    with pytest.raises(Stopped):
        await dispatcher.request(Errand(Operation.VIDEO, TARGET), print)


@pytest.fixture
def dispatcher(crawler: object) -> Dispatcher:
    dispatcher: Dispatcher = crawler.spider.dispatcher  # type: ignore[attr-defined]  # the fixture's crawler
    dispatcher.circuits = Circuits(MemoryState())
    return dispatcher
