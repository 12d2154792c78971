from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request
from scrapy.crawler import AsyncCrawlerRunner

from crawler.dispatch import Dispatcher
from crawler.errands import Errand
from crawler.identities import IdentityPool
from crawler.list_runs import ListRun
from crawler.spiders.video import VideoSpider
from pipelines.selection import Selection
from store.circuits import Circuits
from store.pace.memory_state import MemoryState
from tests.crawler.pools import USER_AGENT, open_books
from tiktok.aftermath import Change
from tiktok.endpoints import Known
from tiktok.errors import MissingKnowledge
from tiktok.routes import Operation, Route
from tiktok.urls import TargetKind, read_target

SITE = "http://127.0.0.1:8090"
USER = read_target("@somebody", TargetKind.USER)
SEC_UID = "MS4wLjABAAAA" + "a" * 64


Ask = Callable[..., Dispatcher]


@pytest.fixture
async def a_dispatcher(pool: IdentityPool, database_url: str, tmp_path: Path) -> Ask:
    """Make dispatchers of a site that is never asked: their only identity has its cookies already."""
    with open_books(database_url, tmp_path) as books:
        books.add_account()

    def make(*routes: Route) -> Dispatcher:
        crawler = AsyncCrawlerRunner({"TWISTED_REACTOR_ENABLED": False}).create_crawler(VideoSpider)
        dispatcher = Dispatcher(crawler, SITE, routes) if routes else Dispatcher(crawler, SITE)
        dispatcher.pool = pool
        dispatcher.circuits = Circuits(MemoryState())
        return dispatcher

    return make


async def test_the_first_route_of_the_ladder_is_asked_first(a_dispatcher: Ask) -> None:
    errand = Errand(Operation.PROFILE, USER)

    request = await a_dispatcher().request(errand, print)

    assert request is not None
    assert request.url == f"{SITE}/@somebody"
    assert (request.callback, errand.route) == (print, Route.PAGE)
    assert request.meta["errand"] is errand
    assert (request.dont_filter, request.meta["verbatim_url"]) == (True, True)
    assert request.headers["Referer"] == f"{SITE}/".encode()


async def test_an_errand_that_is_on_a_route_stays_there(a_dispatcher: Ask) -> None:
    errand = Errand(Operation.PROFILE, USER, route=Route.EMBED)

    request = await a_dispatcher().request(errand, print)

    assert request is not None
    assert request.url == f"{SITE}/embed/@somebody"


async def test_routes_that_this_process_does_not_have_are_passed_over(a_dispatcher: Ask) -> None:
    errand = Errand(Operation.PROFILE, USER)

    request = await a_dispatcher(Route.EMBED, Route.BROWSER).request(errand, print)

    assert request is not None
    assert errand.route is Route.EMBED


async def test_a_route_whose_prerequisites_are_unknown_is_passed_over(a_dispatcher: Ask) -> None:
    """The lists are asked with the `sec_uid`, which only the profile tells."""
    errand = Errand(Operation.PROFILE_VIDEOS, USER, Known(username="somebody"), a_run())

    request = await a_dispatcher().request(errand, print)

    assert request is not None
    assert errand.route is Route.EMBED


async def test_no_route_left_is_no_request(a_dispatcher: Ask) -> None:
    errand = Errand(Operation.COMMENTS, read_target("7106594312292453675", TargetKind.VIDEO))

    assert await a_dispatcher(Route.PAGE).request(errand, print) is None


async def test_falling_begins_the_retries_anew(a_dispatcher: Ask) -> None:
    errand = Errand(Operation.PROFILE, USER, route=Route.PAGE, attempt=2)

    await a_dispatcher().fall(errand, print, Route.EMBED)

    assert (errand.route, errand.attempt) == (Route.EMBED, 0)


async def test_a_list_is_asked_from_the_cursor_of_its_run(a_dispatcher: Ask) -> None:
    run = a_run(cursor="1772366400000", cursor_route=Route.LIST, found=15)
    errand = Errand(Operation.PROFILE_VIDEOS, USER, Known(sec_uid=SEC_UID), run)

    request = await a_dispatcher().request(errand, print)

    assert request is not None
    assert query_of(request)["cursor"] == "1772366400000"
    assert query_of(request)["secUid"] == SEC_UID


async def test_the_request_is_of_the_identity_that_asks(a_dispatcher: Ask) -> None:
    dispatcher = a_dispatcher()

    request = await dispatcher.request(list_errand(), print)

    assert request is not None
    identity = request.meta["identity"]
    assert query_of(request)["device_id"] == identity.device.device_id
    assert query_of(request)["region"] == identity.device.region
    assert request.headers["User-Agent"] == USER_AGENT.encode()


async def test_a_changed_device_is_another_one_of_the_same_browser(a_dispatcher: Ask) -> None:
    dispatcher = a_dispatcher()
    first = await dispatcher.request(list_errand(), print)
    assert first is not None
    before = first.meta["identity"].device
    await dispatcher.pool.give_back(first.meta["identity"])
    errand = list_errand()
    errand.change = Change.DEVICE_ID

    second = await dispatcher.request(errand, print)

    assert second is not None
    after = second.meta["identity"].device
    assert query_of(second)["device_id"] == after.device_id != before.device_id
    assert after == replace(before, device_id=after.device_id)
    assert after.user_agent == USER_AGENT


async def test_an_errand_without_a_request_gives_its_identity_back(a_dispatcher: Ask) -> None:
    dispatcher = a_dispatcher()
    unaskable = Errand(Operation.PROFILE_VIDEOS, USER, Known(username="somebody"), a_run(), Route.LIST)

    with pytest.raises(MissingKnowledge):
        await dispatcher.request_once(unaskable, print)

    assert await dispatcher.request(list_errand(), print) is not None


def a_run(**fields: object) -> ListRun:
    return ListRun(Operation.PROFILE_VIDEOS, "somebody", Selection(), **fields)  # type: ignore[arg-type]  # as named


def list_errand() -> Errand:
    return Errand(Operation.PROFILE_VIDEOS, USER, Known(sec_uid=SEC_UID), a_run())


def query_of(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
