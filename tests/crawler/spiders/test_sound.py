from __future__ import annotations

from typing import Any

import pytest

from crawler.endings import Ending
from store.models import SoundRow, VideoRow
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.items import Sound, Video
from tiktok.outcomes import ListState
from tiktok.verdicts import Verdict


async def test_a_guest_gets_the_sound_and_the_head_of_its_list(site: Site, known: dict[str, Any]) -> None:
    crawl = await site.crawl("sound", id=known["sound"]["id"])

    (sound,) = crawl.of_type(Sound)
    assert (sound.id, sound.title) == (known["sound"]["id"], known["sound"]["title"])
    assert len(crawl.of_type(Video)) == 10
    assert (crawl.outcome.outcome, crawl.listing.state) == (Verdict.GATED, ListState.TRUNCATED)


@pytest.mark.parametrize("form", ["{id}", "https://www.tiktok.com/music/any-title-{id}"])
async def test_all_posts_with_the_sound_are_found_where_the_endpoint_answers(
    site: Site, standin: RunningStandin, known: dict[str, Any], form: str
) -> None:
    standin.change(open=["signed"])

    crawl = await site.crawl("sound", id=form.format(id=known["sound"]["id"]))

    assert len(site.rows(VideoRow)) == 150
    assert {video.sound_id for video in crawl.of_type(Video)} == {known["sound"]["id"]}
    assert (crawl.listing.state, crawl.ending) == (ListState.COMPLETE, Ending.DONE)
    assert known["sound"]["id"] in {row.id for row in site.rows(SoundRow)}


async def test_dates_filter_an_unordered_list_without_ending_it(
    site: Site, standin: RunningStandin, known: dict[str, Any]
) -> None:
    standin.change(open=["signed"])
    everything = await site.crawl("sound", id=known["sound"]["id"])
    times = sorted(video.created_at for video in everything.of_type(Video) if video.created_at)
    since = times[75].date().isoformat()

    crawl = await site.crawl("sound", id=known["sound"]["id"], since=since)

    kept = [video.created_at for video in crawl.of_type(Video) if video.created_at]
    assert sorted(kept) == [moment for moment in times if moment.date().isoformat() >= since]
    assert crawl.stats["route/api/ok"] == everything.stats["route/api/ok"]
    assert crawl.listing.scope.startswith("since=")


async def test_a_missing_sound_is_not_found(site: Site) -> None:
    crawl = await site.crawl("sound", id="6871947674595743730")

    assert crawl.outcome.outcome is Verdict.NOT_FOUND
    assert crawl.items == []
