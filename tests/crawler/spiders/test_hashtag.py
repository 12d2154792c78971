from __future__ import annotations

from crawler.endings import Ending
from store.models import HashtagRow, ListingRow, VideoHashtagRow, VideoRow
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.items import Hashtag, Video
from tiktok.outcomes import ListState
from tiktok.verdicts import Verdict


async def test_a_guest_gets_the_hashtag_and_its_head_and_is_told_so(site: Site) -> None:
    crawl = await site.crawl("hashtag", tag="#Funny")

    (hashtag,) = crawl.of_type(Hashtag)
    assert (hashtag.name, hashtag.total_videos) == ("funny", 600)
    assert len(crawl.of_type(Video)) == 10
    assert (crawl.outcome.target, crawl.outcome.outcome) == ("funny", Verdict.GATED)
    assert crawl.outcome.reason.startswith("10 of 600 found; api: gated; head_only")
    assert (crawl.listing.state, crawl.listing.found, crawl.listing.declared) == (
        ListState.TRUNCATED,
        10,
        600,
    )
    assert crawl.ending is Ending.INCOMPLETE


async def test_the_whole_list_is_walked_where_the_endpoint_answers(
    site: Site, standin: RunningStandin
) -> None:
    standin.change(open=["signed"])

    crawl = await site.crawl("hashtag", tag="funny")

    assert len(site.rows(VideoRow)) == 600
    assert all("funny" in video.hashtags for video in crawl.of_type(Video))
    assert len([row for row in site.rows(VideoHashtagRow) if row.hashtag == "funny"]) == 600
    assert (crawl.outcome.outcome, crawl.listing.state) == (Verdict.OK, ListState.COMPLETE)


async def test_authors_and_sounds_are_stored_and_not_exported(site: Site, standin: RunningStandin) -> None:
    standin.change(open=["signed"])

    crawl = await site.crawl("hashtag", tag="funny", limit="30")

    assert crawl.counts() == {"hashtag": 1, "video": 30}
    stored = {video.user_id for video in site.rows(VideoRow)}
    assert {companion.key for companion in crawl.companions if companion.type == "user"} == stored
    assert {row.name for row in site.rows(HashtagRow)} > {"funny"}


async def test_a_missing_hashtag_is_not_found(site: Site) -> None:
    crawl = await site.crawl("hashtag", tag="nosuchtag")

    assert (crawl.outcome.outcome, crawl.ending) == (Verdict.NOT_FOUND, Ending.DONE)
    assert site.rows(ListingRow) == []


async def test_the_record_comes_by_the_page_where_the_embed_page_is_refused(
    site: Site, standin: RunningStandin
) -> None:
    standin.add_fault("captcha", "/embed/tag/*")

    crawl = await site.crawl("hashtag", tag="funny")

    (hashtag,) = crawl.of_type(Hashtag)
    assert (hashtag.route, hashtag.total_videos) == ("page", 600)
    assert crawl.outcome.outcome is Verdict.CAPTCHA
    assert crawl.listing.state is ListState.FAILED


async def test_a_hashtag_is_named_by_url_in_any_script(site: Site) -> None:
    crawl = await site.crawl("hashtag", tag="https://www.tiktok.com/tag/%D9%82%D9%87%D9%88%D8%A9,FUNNY")

    assert set(crawl.outcomes) == {"قهوة", "funny"}


async def test_a_list_that_stops_short_of_its_number_is_walked_from_the_top_next_time(
    site: Site, standin: RunningStandin
) -> None:
    """Its end was reached: going on from there would never show what was posted since."""
    standin.change(open=["signed"])
    standin.add_fault("more_lies_false", "/api/challenge/item_list/", after=1)
    first = await site.crawl("hashtag", tag="funny")

    second = await site.crawl("hashtag", tag="funny")

    assert (first.listing.state, first.listing.found) == (ListState.TRUNCATED, 60)
    assert first.listing.reason == "depth_cap: the list says no more, found 60 of 600"
    assert "list/resumed" not in second.stats
    assert len(second.of_type(Video)) == 30
