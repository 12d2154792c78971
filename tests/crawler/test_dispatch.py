from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from scrapy import Request

from crawler.dispatch import Dispatcher
from crawler.errands import Errand
from crawler.list_runs import ListRun
from pipelines.selection import Selection
from tiktok.endpoints import Known
from tiktok.parsing import Visitor
from tiktok.routes import Operation, Route
from tiktok.urls import TargetKind, read_target

SITE = "http://127.0.0.1:8090"
USER = read_target("@somebody", TargetKind.USER)
SEC_UID = "MS4wLjABAAAA" + "a" * 64


def a_dispatcher(*routes: Route) -> Dispatcher:
    return Dispatcher(SITE, "Mozilla/5.0 test", routes) if routes else Dispatcher(SITE, "Mozilla/5.0 test")


def test_the_first_route_of_the_ladder_is_asked_first() -> None:
    errand = Errand(Operation.PROFILE, USER)

    request = a_dispatcher().request(errand, print)

    assert request is not None
    assert request.url == f"{SITE}/@somebody"
    assert (request.callback, errand.route) == (print, Route.PAGE)
    assert request.meta["errand"] is errand
    assert (request.dont_filter, request.meta["verbatim_url"]) == (True, True)
    assert request.headers["Referer"] == f"{SITE}/".encode()


def test_an_errand_that_is_on_a_route_stays_there() -> None:
    errand = Errand(Operation.PROFILE, USER, route=Route.EMBED)

    request = a_dispatcher().request(errand, print)

    assert request is not None
    assert request.url == f"{SITE}/embed/@somebody"


def test_routes_that_this_process_does_not_have_are_passed_over() -> None:
    errand = Errand(Operation.PROFILE, USER)

    request = a_dispatcher(Route.EMBED, Route.BROWSER).request(errand, print)

    assert request is not None
    assert errand.route is Route.EMBED


def test_a_route_whose_prerequisites_are_unknown_is_passed_over() -> None:
    """The lists are asked with the `sec_uid`, which only the profile tells."""
    errand = Errand(Operation.PROFILE_VIDEOS, USER, Known(username="somebody"), a_run())

    request = a_dispatcher().request(errand, print)

    assert request is not None
    assert errand.route is Route.EMBED


def test_no_route_left_is_no_request() -> None:
    errand = Errand(Operation.COMMENTS, read_target("7106594312292453675", TargetKind.VIDEO))

    assert a_dispatcher(Route.PAGE).request(errand, print) is None


def test_falling_begins_the_retries_anew() -> None:
    errand = Errand(Operation.PROFILE, USER, route=Route.PAGE, attempt=2)

    a_dispatcher().fall(errand, print, Route.EMBED)

    assert (errand.route, errand.attempt) == (Route.EMBED, 0)


def test_a_list_is_asked_from_the_cursor_of_its_run() -> None:
    run = a_run(cursor="1772366400000", cursor_route=Route.LIST, found=15)
    errand = Errand(Operation.PROFILE_VIDEOS, USER, Known(sec_uid=SEC_UID), run)

    request = a_dispatcher().request(errand, print)

    assert request is not None
    assert query_of(request)["cursor"] == "1772366400000"
    assert query_of(request)["secUid"] == SEC_UID


def test_the_device_is_the_one_that_the_site_gave() -> None:
    dispatcher = a_dispatcher()
    made_up = dispatcher.device.device_id

    dispatcher.meet(Visitor(device_id="7400000000000000001", region="DE", created_at="1767225600"))
    dispatcher.meet(Visitor(device_id="7400000000000000002"))

    request = dispatcher.request(list_errand(), print)
    assert request is not None
    assert made_up != "7400000000000000001"
    assert query_of(request)["device_id"] == "7400000000000000001"
    assert query_of(request)["region"] == "DE"


def test_a_page_that_names_no_device_changes_nothing() -> None:
    dispatcher = a_dispatcher()
    device = dispatcher.device

    dispatcher.meet(Visitor())

    assert dispatcher.device == device


def test_a_changed_device_is_another_one_of_the_same_browser() -> None:
    dispatcher = a_dispatcher()
    before = dispatcher.device

    dispatcher.change_device()

    assert dispatcher.device.device_id != before.device_id
    assert dispatcher.device.user_agent == before.user_agent == "Mozilla/5.0 test"


def a_run(**fields: object) -> ListRun:
    return ListRun(Operation.PROFILE_VIDEOS, "somebody", Selection(), **fields)  # type: ignore[arg-type]  # as named


def list_errand() -> Errand:
    return Errand(Operation.PROFILE_VIDEOS, USER, Known(sec_uid=SEC_UID), a_run())


def query_of(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
