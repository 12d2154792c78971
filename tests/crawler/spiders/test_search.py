from __future__ import annotations

import pytest

from crawler.endings import Ending
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.items import User, Video
from tiktok.outcomes import ListState
from tiktok.verdicts import Verdict

SEARCH = "/api/search/general/full/"


@pytest.mark.parametrize("kind", ["videos", "users"])
async def test_a_guest_is_refused_and_told_so(site: Site, kind: str) -> None:
    crawl = await site.crawl("search", q="iphone case", kind=kind)

    assert crawl.items == []
    assert (crawl.outcome.outcome, crawl.listing.state) == (Verdict.GATED, ListState.FAILED)
    assert crawl.ending is Ending.INCOMPLETE


async def test_later_pages_send_back_the_search_id(site: Site, standin: RunningStandin) -> None:
    standin.change(open=["signed", "login"])

    crawl = await site.crawl("search", q="iphone case")

    asked = [request["query"] for request in standin.log()["requests"] if request["path"] == SEARCH]
    assert [query["cursor"] for query in asked] == ["0", "12", "24", "36", "48", "60"][: len(asked)]
    assert "search_id" not in asked[0]
    assert len({query["search_id"] for query in asked[1:]}) == 1
    assert len(crawl.of_type(Video)) == 60
    assert (crawl.outcome.outcome, crawl.listing.state) == (Verdict.OK, ListState.COMPLETE)


async def test_users_are_found_by_their_own_search(site: Site, standin: RunningStandin) -> None:
    standin.change(open=["signed", "login"])

    crawl = await site.crawl("search", q="garden", kind="users", limit="25")

    assert len(crawl.of_type(User)) == 25
    assert crawl.of_type(Video) == []
    assert all(user.sec_uid for user in crawl.of_type(User))


async def test_a_search_without_results_is_empty_and_no_failure(site: Site, standin: RunningStandin) -> None:
    standin.change(open=["signed", "login"])

    crawl = await site.crawl("search", q="nothing at all")

    assert (crawl.outcome.outcome, crawl.listing.state) == (Verdict.EMPTY, ListState.COMPLETE)
    assert crawl.ending is Ending.DONE


async def test_commas_belong_to_the_query(site: Site, standin: RunningStandin) -> None:
    standin.change(open=["signed", "login"])

    crawl = await site.crawl("search", q="red, green", limit="1")

    assert list(crawl.outcomes) == ["red, green"]


async def test_a_stopped_search_begins_anew(site: Site, standin: RunningStandin) -> None:
    """Its cursor means nothing without the search_id of the visit that was stopped."""
    standin.change(open=["signed", "login"])
    standin.add_fault("captcha", SEARCH, after=2)
    stopped = await site.crawl("search", q="iphone case")
    standin.reset()
    standin.change(open=["signed", "login"])

    crawl = await site.crawl("search", q="iphone case")

    assert (stopped.listing.state, stopped.listing.found) == (ListState.TRUNCATED, 24)
    assert (crawl.listing.state, len(crawl.of_type(Video))) == (ListState.COMPLETE, 60)
