from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from crawler.endings import Ending
from standin.world.population import World, history, now_on
from standin.world.posts import Post
from store.models import ListingRow, OutcomeRow, UserRow, VideoRow
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.items import User, Video
from tiktok.outcomes import ListState
from tiktok.verdicts import Verdict


async def test_a_profile_is_stored_with_its_whole_history(site: Site) -> None:
    crawl = await site.crawl("profile", user="two.hundred")

    (user,) = crawl.of_type(User)
    videos = site.rows(VideoRow)
    assert (user.username, user.total_videos) == ("two.hundred", 200)
    assert len(videos) == 200
    assert {video.username for video in videos} == {"two.hundred"}
    assert all(video.route == "list" for video in videos)
    assert (crawl.outcome.outcome, crawl.listing.state) == (Verdict.OK, ListState.COMPLETE)
    assert (crawl.listing.found, crawl.listing.declared) == (200, 200)
    assert crawl.ending is Ending.DONE


async def test_photo_posts_and_videos_are_told_apart(site: Site) -> None:
    crawl = await site.crawl("profile", user="two.hundred", limit="15")

    kinds = {video.kind for video in crawl.of_type(Video)}
    photos = [video for video in crawl.of_type(Video) if video.kind == "photo"]
    assert kinds == {"video", "photo"}
    assert all(photo.images and photo.duration is None for photo in photos)


@pytest.mark.parametrize(
    ("username", "ending"),
    [
        ("lying.more", (Verdict.OK, ListState.COMPLETE, 120, 120, Ending.DONE)),
        ("pinned.old", (Verdict.OK, ListState.COMPLETE, 60, 60, Ending.DONE)),
        ("blocked.third", (Verdict.GATED, ListState.TRUNCATED, 30, 90, Ending.INCOMPLETE)),
        ("private.garden", (Verdict.PRIVATE, None, None, None, Ending.DONE)),
        ("deleted.account", (Verdict.NOT_FOUND, None, None, None, Ending.DONE)),
        ("empty.room", (Verdict.EMPTY, ListState.COMPLETE, 0, 0, Ending.DONE)),
    ],
)
async def test_each_kind_of_profile_has_its_own_correct_ending(
    site: Site, username: str, ending: tuple[Any, ...]
) -> None:
    """Outcome, state of the list, rows found and declared, exit code."""
    crawl = await site.crawl("profile", user=username)

    (stored,) = site.rows(OutcomeRow)
    rows = site.rows(ListingRow)
    listed = (rows[0].state, rows[0].found, rows[0].declared) if rows else (None, None, None)
    assert (stored.outcome, *listed, crawl.ending) == ending
    assert (stored.target, bool(stored.reason)) == (username, True)
    assert len(site.rows(VideoRow)) == (listed[1] or 0)


async def test_a_blocked_profile_says_what_was_refused_and_where_to_go_on(site: Site) -> None:
    crawl = await site.crawl("profile", user="blocked.third")

    assert crawl.outcome.reason == (
        "30 of 90 found; list: empty, api: gated; head_only: found 30 of 90, 10 shown"
    )
    assert crawl.listing.cursor is not None
    assert crawl.listing.route == "list"


async def test_a_blocked_profile_started_again_asks_only_for_the_rest(
    site: Site, standin: RunningStandin
) -> None:
    await site.crawl("profile", user="blocked.third")
    standin.reset()
    standin.change(open=["signed"])

    crawl = await site.crawl("profile", user="blocked.third")

    assert crawl.stats["list/resumed"] == 1
    assert len(crawl.of_type(Video)) == 60
    assert (crawl.listing.state, crawl.listing.found) == (ListState.COMPLETE, 90)
    assert len(site.rows(VideoRow)) == 90


async def test_a_truncated_list_does_not_become_complete_by_counting_its_head_again_and_again(
    site: Site,
) -> None:
    await site.crawl("profile", user="blocked.third")
    crawl = await site.crawl("profile", user="blocked.third")

    assert (crawl.listing.state, crawl.listing.found) == (ListState.TRUNCATED, 30)
    assert len(site.rows(VideoRow)) == 30


async def test_pinned_posts_count_once_though_the_crawl_was_stopped_between_their_two_places(
    site: Site, standin: RunningStandin
) -> None:
    standin.add_fault("captcha", "/api/creator/*", after=2)
    standin.add_fault("captcha", "/embed/*")
    stopped = await site.crawl("profile", user="pinned.old")
    standin.reset()

    crawl = await site.crawl("profile", user="pinned.old")

    assert stopped.listing.found == 30
    assert crawl.stats["list/resumed"] == 1
    assert (crawl.listing.state, crawl.listing.found) == (ListState.COMPLETE, 60)
    assert len(site.rows(VideoRow)) == 60


async def test_a_walk_that_is_stuck_for_a_week_begins_anew_and_meets_what_is_new(site: Site) -> None:
    """However often it was tried since: each try renews the checkpoint, not the beginning."""
    await site.crawl("profile", user="blocked.third")
    begun = site.rows(ListingRow)[0].started_at
    site.change(update(ListingRow).values(started_at=begun - timedelta(days=8)))

    crawl = await site.crawl("profile", user="blocked.third")

    assert "list/resumed" not in crawl.stats
    assert len(crawl.of_type(Video)) == 30


async def test_fresh_starts_from_the_top_where_a_crawl_could_go_on(site: Site) -> None:
    await site.crawl("profile", user="blocked.third")

    crawl = await site.crawl("profile", user="blocked.third", fresh="1")

    assert "list/resumed" not in crawl.stats
    assert len(crawl.of_type(Video)) == 30


async def test_a_profile_that_shows_a_week_at_a_time_still_gives_its_rows(site: Site) -> None:
    crawl = await site.crawl("profile", user="slow.poster")

    assert len(site.rows(VideoRow)) >= 10
    assert crawl.listing.state is not ListState.FAILED
    assert crawl.listing.found == len(site.rows(VideoRow))


async def test_a_limit_ends_the_list_early_and_keeps_the_newest(site: Site, world: World) -> None:
    crawl = await site.crawl("profile", user="two.hundred", limit="20")

    assert [video.id for video in crawl.of_type(Video)] == [
        post.id for post in posts_of(world, "two.hundred")[:20]
    ]
    assert (crawl.listing.state, crawl.listing.reason) == (ListState.COMPLETE, "limit of 20 reached")
    assert crawl.stats["route/list/ok"] == 2
    assert crawl.ending is Ending.DONE


async def test_since_and_until_keep_what_lies_between_and_stop_behind_it(site: Site, world: World) -> None:
    since, until = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 15, tzinfo=UTC)
    posts = posts_of(world, "two.hundred")
    expected = [post.id for post in posts if since.timestamp() <= post.created < until.timestamp()]

    crawl = await site.crawl("profile", user="two.hundred", since="2026-07-01", until="2026-08-15")

    assert [video.id for video in crawl.of_type(Video)] == expected
    assert 0 < len(expected) < 30
    assert crawl.listing.reason == "reached posts before 2026-07-01"
    assert crawl.stats["route/list/ok"] < 5


def posts_of(world: World, username: str) -> list[Post]:
    """The posts of an account as the stand-in has them on day 0, newest first."""
    account = world.account_called(username)
    assert account
    return history(account, now_on(0), account.role.posts, now_on(0))


async def test_a_stopped_crawl_with_dates_and_a_limit_begins_anew(
    site: Site, standin: RunningStandin
) -> None:
    """Its checkpoint counts rows that the dates leave out, so what is left of the limit is unknown."""
    wishes: dict[str, Any] = {"user": "two.hundred", "until": "2026-07-01", "limit": "5"}
    standin.add_fault("captcha", "/api/creator/*", after=2)
    await site.crawl("profile", **wishes)
    standin.reset()

    crawl = await site.crawl("profile", **wishes)

    assert len(crawl.of_type(Video)) == 5
    assert crawl.listing.reason == "limit of 5 reached"


async def test_only_new_stops_at_what_is_stored(site: Site, standin: RunningStandin) -> None:
    await site.crawl("profile", user="new.handle")
    stored = {video.id for video in site.rows(VideoRow)}
    standin.reset()
    standin.change(day=10)

    crawl = await site.crawl("profile", user="new.handle", only_new="1")

    now_stored = {video.id for video in site.rows(VideoRow)}
    assert len(now_stored - stored) == 5
    assert crawl.listing.reason == "reached posts that are already stored"
    assert standin.log()["counts"]["/api/creator/item_list/"] == 1


async def test_only_new_is_not_stopped_by_a_pinned_post(site: Site, standin: RunningStandin) -> None:
    await site.crawl("profile", user="pinned.old")
    standin.change(day=40)

    await site.crawl("profile", user="pinned.old", only_new="1")

    assert len(site.rows(VideoRow)) == 80


async def test_several_profiles_are_separated_by_commas_and_each_gets_an_outcome(site: Site) -> None:
    crawl = await site.crawl("profile", user="pinned.old, @Empty.Room,deleted.account,pinned.old")

    assert {target: str(outcome.outcome) for target, outcome in crawl.outcomes.items()} == {
        "pinned.old": "ok",
        "empty.room": "empty",
        "deleted.account": "not_found",
    }
    assert crawl.stats["targets"] == 3
    assert crawl.counts() == {"user": 2, "video": 60}


@pytest.mark.parametrize(
    "form", ["https://www.tiktok.com/@pinned.old?lang=en", "{site}/@pinned.old", "@pinned.old"]
)
async def test_a_profile_is_named_by_url_too(site: Site, form: str) -> None:
    crawl = await site.crawl("profile", user=form.format(site=site.url), limit="5")

    assert [user.username for user in crawl.of_type(User)] == ["pinned.old"]
    assert len(crawl.of_type(Video)) == 5


@pytest.mark.parametrize("field", ["id", "sec_uid"])
async def test_a_profile_is_named_by_its_ids_too(site: Site, known: dict[str, Any], field: str) -> None:
    account = known["accounts"]["new.handle"]

    crawl = await site.crawl("profile", user=account[field])

    assert [user.username for user in crawl.of_type(User)] == ["new.handle"]
    assert len(crawl.of_type(Video)) == account["posts"] == 25


async def test_a_second_crawl_tells_changed_from_unchanged(site: Site, standin: RunningStandin) -> None:
    first = await site.crawl("profile", user="new.handle")
    second = await site.crawl("profile", user="new.handle")
    standin.change(day=30)
    third = await site.crawl("profile", user="new.handle")

    assert first.stats["store/video/new"] == 25
    assert (second.stats["store/video/new"], second.stats["store/video/unchanged"]) == (0, 25)
    assert third.stats["store/video/new"] == 15
    assert third.stats["store/video/changed"] > 10
    assert site.rows(UserRow)[0].first_seen_at < site.rows(UserRow)[0].scraped_at


async def test_the_history_goes_on_by_another_route_where_the_list_is_refused(
    site: Site, standin: RunningStandin
) -> None:
    standin.change(open=["signed"])

    crawl = await site.crawl("profile", user="blocked.third")

    routes = {str(video.route) for video in crawl.of_type(Video)}
    assert routes == {"list", "api"}
    assert (crawl.listing.state, crawl.listing.found) == (ListState.COMPLETE, 90)
    assert (crawl.outcome.outcome, crawl.ending) == (Verdict.OK, Ending.DONE)


async def test_counters_are_followed_over_time(site: Site, standin: RunningStandin) -> None:
    await site.crawl("profile", user="big.counts")
    standin.change(day=40)
    await site.crawl("profile", user="big.counts")

    (user,) = site.rows(UserRow)
    assert user.followers is not None
    assert user.followers > 2**32
    assert user.changed_at - user.first_seen_at > timedelta(0)
