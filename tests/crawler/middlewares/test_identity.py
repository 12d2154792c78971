"""What answers do to the identity that got them, seen through whole crawls."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.errands import Errand
from crawler.middlewares.identity import IdentityMiddleware
from store.identities import Identity
from tests.crawler.crawling import Site
from tests.crawler.pools import open_books
from tests.fixtures.standin import RunningStandin
from tiktok.replies import Reply
from tiktok.routes import Operation, Route
from tiktok.urls import TargetKind, read_target
from tiktok.verdicts import Judgement, Verdict

LOGIN, LAPSED = 1, 0


def add_login(site: Site, standin: RunningStandin, number: int, label: str = "main") -> Identity:
    with open_books(site.database_url, site.data_dir) as books:
        return books.add_account(label, **standin.login(number))


def state_of(site: Site, identity: Identity) -> tuple[str, str | None]:
    with open_books(site.database_url, site.data_dir) as books:
        (status,) = [
            one for one in books.identities.list_identities(datetime.now(UTC)) if one.id == identity.id
        ]
    return str(status.state), status.reason


async def test_a_login_that_the_site_rejects_is_over_and_said_so(
    site: Site, standin: RunningStandin, caplog: pytest.LogCaptureFixture
) -> None:
    standin.change(open=["signed"])
    caplog.set_level(logging.WARNING)
    lapsed = add_login(site, standin, LAPSED)

    crawl = await site.crawl(
        "search", q="iphone case", kind="videos", limit="5", settings={"GUESTS_PER_EXIT": 1}
    )

    assert crawl.outcome.outcome is Verdict.LOGIN_REQUIRED
    assert state_of(site, lapsed) == ("expired", "login_required")
    assert crawl.stats["identity/login_over"] == 1
    said = f"The site no longer takes the login of identity {lapsed.id} (main): import its cookies anew"
    assert sum(message.startswith(said) for message in caplog.messages) == 1


async def test_a_login_that_is_alive_is_not_ended_by_a_target_that_walls_everybody(
    site: Site, standin: RunningStandin
) -> None:
    standin.add_fault("login_wall", "/@*")
    alive = add_login(site, standin, LOGIN)

    crawl = await site.crawl("video", url="7106594312292453675")

    assert crawl.stats["route/page/login_required"] >= 1
    assert state_of(site, alive) == ("ready", None)


async def test_what_is_for_members_only_is_asked_once_more_with_a_login(
    site: Site, standin: RunningStandin, known: dict[str, dict[str, dict[str, str]]]
) -> None:
    standin.add_fault("login_wall", "/@*", logged_in=False)
    post = known["accounts"]["two.hundred"]["newest_post"]

    async def crawl() -> tuple[str | None, Verdict]:
        done = await site.crawl("video", url=post, settings={"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
        return done.outcome.route, Verdict(done.outcome.outcome)

    as_guest = await crawl()
    add_login(site, standin, LOGIN)
    as_member = await crawl()

    assert as_guest == ("embed", Verdict.OK)
    assert as_member == ("page", Verdict.OK)


async def test_a_list_for_members_stays_with_the_login(site: Site, standin: RunningStandin) -> None:
    standin.add_fault("login_wall", "/api/creator/item_list/", logged_in=False)
    add_login(site, standin, LOGIN)

    crawl = await site.crawl("profile", user="two.hundred", limit="60")

    assert crawl.outcome.outcome is Verdict.OK
    assert crawl.stats.get("route/list/login_required", 0) <= 1
    assert crawl.stats["route/list/ok"] == 4


async def test_an_empty_first_page_counts_against_who_got_it(site: Site, standin: RunningStandin) -> None:
    standin.add_fault("empty_list", "/api/creator/item_list/", count=1)

    crawl = await site.crawl("profile", user="new.handle")

    asked = [one["identity"] for one in standin.log()["requests"] if one["path"] == "/api/creator/item_list/"]
    assert (crawl.outcome.outcome, crawl.listing.found) == (Verdict.OK, 25)
    assert crawl.stats["identity/cost/streak"] == 1
    assert asked[0] != asked[1]


async def test_a_captcha_in_the_middle_of_a_visit_costs_what_it_always_costs(crawler: Crawler) -> None:
    """The rows that the page had shown before make the answer as a whole a good one."""
    pool = crawler.spider.dispatcher.pool  # type: ignore[union-attr]  # the fixture's spider
    identity = await pool.take()
    target = read_target("#funny", TargetKind.HASHTAG)
    meta = {
        "identity": identity,
        "errand": Errand(Operation.HASHTAG_VIDEOS, target, route=Route.BROWSER),
        "reply": Reply(url=target.url, status=200),
        "judgement": Judgement(Verdict.OK, "rows"),
        "broken_off": Judgement(Verdict.CAPTCHA, "captcha_answer"),
        "received_at": datetime.now(UTC),
    }
    request = Request(target.url, meta=meta)

    await IdentityMiddleware.from_crawler(crawler).process_response(request, Response(target.url))

    assert (identity.health, identity.streak) == (80, 1)
    assert crawler.stats.get_value("identity/cost/cool") == 1
