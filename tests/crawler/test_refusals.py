"""What becomes of a crawl when the site refuses, breaks off or changes: every trouble the stand-in can make."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.endings import Ending
from store.models import OutcomeRow, VideoRow
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.items import User, Video
from tiktok.outcomes import ListState
from tiktok.verdicts import PERMANENT, Verdict

HISTORY = "/api/creator/item_list/"

REFUSALS: list[tuple[dict[str, Any], Verdict]] = [
    ({"kind": "captcha"}, Verdict.CAPTCHA),
    ({"kind": "waf"}, Verdict.WAF_CHALLENGE),
    ({"kind": "rate_limit"}, Verdict.RATE_LIMITED),
    ({"kind": "forbidden"}, Verdict.BLOCKED),
    ({"kind": "maintenance"}, Verdict.BLOCKED),
    ({"kind": "login_wall"}, Verdict.LOGIN_REQUIRED),
    ({"kind": "empty"}, Verdict.BLOCKED),
    ({"kind": "gated"}, Verdict.GATED),
    ({"kind": "no_data"}, Verdict.NO_DATA),
    ({"kind": "server_error"}, Verdict.NETWORK),
    ({"kind": "cut", "options": {"bytes": 500}}, Verdict.NETWORK),
    ({"kind": "reset"}, Verdict.NETWORK),
    ({"kind": "status_code", "options": {"code": 10101}}, Verdict.BLOCKED),
]
"""Faults, and what a target ends as that meets one on all routes."""
ON_EACH_REFUSAL = pytest.mark.parametrize(
    ("fault", "verdict"), REFUSALS, ids=[fault["kind"] for fault, _ in REFUSALS]
)


@pytest.fixture
def post_id(known: dict[str, Any]) -> str:
    newest: str = known["accounts"]["two.hundred"]["newest_post"]
    return newest


@ON_EACH_REFUSAL
async def test_a_target_refused_on_all_routes_ends_as_the_refusal(
    site: Site, standin: RunningStandin, post_id: str, fault: dict[str, Any], verdict: Verdict
) -> None:
    standin.add_fault(**fault)

    crawl = await site.crawl("video", url=post_id)

    routes = {stat.split("/")[1] for stat in crawl.stats if stat.startswith("route/")}
    assert routes == {"page", "embed", "api"}
    assert crawl.outcome.outcome is verdict
    assert crawl.outcome.outcome not in PERMANENT
    assert crawl.ending is Ending.INCOMPLETE
    assert [row.outcome for row in site.rows(OutcomeRow)] == [verdict]
    assert site.rows(VideoRow) == []


@ON_EACH_REFUSAL
async def test_a_refusal_in_mid_list_truncates_it_and_the_next_crawl_goes_on(
    site: Site, standin: RunningStandin, fault: dict[str, Any], verdict: Verdict
) -> None:
    standin.add_fault(path=HISTORY, after=1, **fault)
    standin.add_fault("captcha", "/embed/*")

    stopped = await site.crawl("profile", user="new.handle")
    standin.reset()
    crawl = await site.crawl("profile", user="new.handle")

    assert (stopped.listing.state, stopped.listing.found) == (ListState.TRUNCATED, 15)
    assert str(Verdict.EMPTY if fault["kind"] == "empty" else verdict) in [
        stat.rpartition("/")[2] for stat in stopped.stats if stat.startswith("route/list/")
    ]
    assert stopped.ending is Ending.INCOMPLETE
    assert crawl.stats["list/resumed"] == 1
    assert (crawl.listing.state, crawl.listing.found, crawl.ending) == (ListState.COMPLETE, 25, Ending.DONE)
    assert len(site.rows(VideoRow)) == 25


@pytest.mark.parametrize("kind", ["captcha", "waf", "rate_limit", "empty", "no_data", "server_error", "cut"])
async def test_a_refusal_that_passes_costs_a_retry_and_nothing_else(
    site: Site, standin: RunningStandin, post_id: str, kind: str
) -> None:
    standin.add_fault(kind, "/@*", count=1)

    crawl = await site.crawl("video", url=post_id)

    assert crawl.stats["route/page/retried"] == 1
    assert [post.route for post in crawl.of_type(Video)] == ["page"]
    assert crawl.ending is Ending.DONE


async def test_a_route_that_is_refused_is_left_for_the_next(
    site: Site, standin: RunningStandin, post_id: str
) -> None:
    standin.add_fault("captcha", "/@*")

    crawl = await site.crawl("video", url=post_id)

    (post,) = crawl.of_type(Video)
    assert (post.id, post.route) == (post_id, "embed")
    assert crawl.stats["route/page/left"] == 1
    assert (crawl.outcome.outcome, crawl.outcome.route, crawl.ending) == (Verdict.OK, "embed", Ending.DONE)


async def test_a_missing_post_is_believed_when_two_routes_agree(
    site: Site, standin: RunningStandin, post_id: str
) -> None:
    standin.add_fault("status_code", options={"code": 10204})

    crawl = await site.crawl("video", url=post_id)

    assert crawl.outcome.outcome is Verdict.NOT_FOUND
    assert (crawl.stats["route/page/not_found"], crawl.stats["route/embed/not_found"]) == (1, 1)
    assert "route/api/not_found" not in crawl.stats


async def test_a_post_that_only_one_route_calls_missing_is_there(
    site: Site, standin: RunningStandin, post_id: str
) -> None:
    standin.add_fault("status_code", "/@*", options={"code": 10204})

    crawl = await site.crawl("video", url=post_id)

    assert (crawl.outcome.outcome, crawl.outcome.route) == (Verdict.OK, "embed")


async def test_a_missing_post_that_nobody_confirms_ends_as_the_refusal(
    site: Site, standin: RunningStandin, post_id: str
) -> None:
    standin.add_fault("status_code", "/@*", options={"code": 10204})
    standin.add_fault("captcha")

    crawl = await site.crawl("video", url=post_id)

    assert crawl.outcome.outcome is Verdict.CAPTCHA
    assert crawl.ending is Ending.INCOMPLETE


async def test_a_page_that_drips_in_is_waited_for(site: Site, standin: RunningStandin, post_id: str) -> None:
    standin.add_fault("drip", "/@*", options={"bytes": 30_000, "seconds": 0.02})

    crawl = await site.crawl("video", url=post_id)

    assert crawl.outcome.outcome is Verdict.OK
    assert "route/page/retried" not in crawl.stats


async def test_an_answer_that_never_ends_is_given_up_as_a_network_failure(
    site: Site, standin: RunningStandin, post_id: str
) -> None:
    standin.add_fault("delay", options={"seconds": 3})

    crawl = await site.crawl("video", url=post_id, settings={"DOWNLOAD_TIMEOUT": 0.05})

    assert crawl.outcome.outcome is Verdict.NETWORK
    assert "Timeout" in crawl.outcome.reason


async def test_an_answer_beyond_the_size_limit_is_a_network_failure(site: Site, post_id: str) -> None:
    crawl = await site.crawl(
        "video", url=post_id, settings={"DOWNLOAD_MAXSIZE": 5_000, "DOWNLOAD_WARNSIZE": 0}
    )

    assert crawl.outcome.outcome in (Verdict.NETWORK, Verdict.GATED)
    assert crawl.items == []
    assert crawl.stats["route/page/network"] == 4


async def test_a_list_whose_rows_lost_their_ids_is_a_changed_schema(
    site: Site, standin: RunningStandin
) -> None:
    standin.add_fault("drift", "/api/creator/*", options={"field": "id", "to": "itemIdentifier"})
    standin.add_fault("drift", "/embed/*", options={"field": "videoList", "to": "postList"})

    crawl = await site.crawl("profile", user="new.handle")

    assert crawl.outcome.outcome is Verdict.GATED
    assert "list: schema_changed" in crawl.outcome.reason
    assert crawl.stats["route/list/schema_changed"] == 1
    assert crawl.ending is Ending.INCOMPLETE
    assert site.rows(VideoRow) == []


async def test_an_empty_list_where_rows_are_declared_is_withheld_and_not_empty(
    site: Site, standin: RunningStandin
) -> None:
    standin.add_fault("empty_list", HISTORY)
    standin.add_fault("captcha", "/embed/*")

    crawl = await site.crawl("profile", user="new.handle")

    assert crawl.outcome.outcome not in (Verdict.EMPTY, Verdict.OK)
    assert (crawl.listing.state, crawl.listing.declared) == (ListState.FAILED, 25)
    assert crawl.ending is Ending.INCOMPLETE


async def test_a_list_that_repeats_its_page_changes_the_device_and_ends_truncated(
    site: Site, standin: RunningStandin
) -> None:
    standin.add_fault("repeated_page", HISTORY)

    crawl = await site.crawl("profile", user="new.handle")

    asked = [request["query"] for request in standin.log()["requests"] if request["path"] == HISTORY]
    assert len({query["device_id"] for query in asked}) > 1
    assert (crawl.listing.state, crawl.listing.found) == (ListState.TRUNCATED, 15)
    assert (crawl.listing.reason or "").startswith("stuck: ")


async def test_a_profile_left_to_its_script_is_read_by_another_route(
    site: Site, standin: RunningStandin
) -> None:
    standin.change(rendering="shell")

    crawl = await site.crawl("profile", user="new.handle")

    assert [user.username for user in crawl.of_type(User)] == ["new.handle"]
    assert crawl.of_type(User)[0].route != "page"


async def test_a_refused_profile_says_nothing_about_its_posts(site: Site, standin: RunningStandin) -> None:
    standin.add_fault("captcha")

    crawl = await site.crawl("profile", user="new.handle")

    assert crawl.outcome.outcome is Verdict.CAPTCHA
    assert crawl.listings == {}
    assert crawl.ending is Ending.INCOMPLETE
