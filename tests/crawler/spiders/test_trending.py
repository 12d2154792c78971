from __future__ import annotations

from crawler.endings import Ending
from store.models import VideoRow
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.items import Video
from tiktok.outcomes import ListState
from tiktok.verdicts import Verdict


async def test_the_feed_is_asked_until_the_limit(site: Site) -> None:
    crawl = await site.crawl("trending", limit="70")

    assert len(crawl.of_type(Video)) == len(site.rows(VideoRow)) == 70
    assert (crawl.outcome.target, crawl.outcome.outcome) == ("trending", Verdict.OK)
    assert crawl.listing.reason == "limit of 70 reached"
    assert crawl.ending is Ending.DONE


async def test_a_feed_without_an_end_ends_at_a_hundred_unless_told(site: Site) -> None:
    crawl = await site.crawl("trending")

    assert len(crawl.of_type(Video)) == 100


async def test_a_feed_that_repeats_itself_has_shown_what_it_has(site: Site, standin: RunningStandin) -> None:
    standin.add_fault("repeated_page", "/api/recommend/*")

    crawl = await site.crawl("trending")

    assert len(crawl.of_type(Video)) == 30
    assert (crawl.listing.state, crawl.listing.reason) == (ListState.COMPLETE, "nothing new in 3 answers")


async def test_each_crawl_of_the_feed_begins_anew(site: Site, standin: RunningStandin) -> None:
    standin.add_fault("captcha", "/api/recommend/*", after=1)
    refused = await site.crawl("trending")
    standin.reset()

    crawl = await site.crawl("trending", limit="30")

    assert (refused.outcome.outcome, refused.listing.state) == (Verdict.CAPTCHA, ListState.TRUNCATED)
    assert "list/resumed" not in crawl.stats
    assert len(crawl.of_type(Video)) == 30
