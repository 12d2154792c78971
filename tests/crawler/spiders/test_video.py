from __future__ import annotations

from typing import Any

import pytest

from crawler.endings import Ending
from store.models import OutcomeRow, UserRow, VideoRow
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.aftermath import LOOK_AGAIN_AFTER
from tiktok.items import Video
from tiktok.verdicts import Verdict


async def test_a_post_is_one_full_record_with_its_author_and_sound(site: Site, known: dict[str, Any]) -> None:
    post_id = known["accounts"]["two.hundred"]["newest_post"]

    crawl = await site.crawl("video", url=post_id)

    (post,) = crawl.of_type(Video)
    assert (post.id, post.username, post.route) == (post_id, "two.hundred", "page")
    assert post.renditions
    assert {companion.type for companion in crawl.companions} == {"user", "sound", "hashtag"}
    assert [row.username for row in site.rows(UserRow)] == ["two.hundred"]
    assert (crawl.outcome.outcome, crawl.ending) == (Verdict.OK, Ending.DONE)


@pytest.mark.parametrize(("code", "is_passing"), [(10217, True), (10216, False)])
async def test_a_post_under_review_is_worth_another_look(
    site: Site, standin: RunningStandin, known: dict[str, Any], code: int, *, is_passing: bool
) -> None:
    standin.add_fault("status_code", options={"code": code})

    crawl = await site.crawl("video", url=known["accounts"]["two.hundred"]["newest_post"])

    (row,) = site.rows(OutcomeRow)
    assert (row.again_at is not None) is is_passing
    assert row.again_at is None or row.again_at - row.at == LOOK_AGAIN_AFTER
    assert (crawl.outcome.outcome is Verdict.UNAVAILABLE) is is_passing


@pytest.mark.parametrize(
    "form",
    [
        "https://www.tiktok.com/@two.hundred/video/{id}?is_from_webapp=1",
        "https://m.tiktok.com/v/{id}.html",
        "https://www.tiktok.com/embed/v2/{id}",
        "{site}/@two.hundred/video/{id}",
    ],
)
async def test_a_post_is_named_by_any_of_its_addresses(site: Site, known: dict[str, Any], form: str) -> None:
    post_id = known["accounts"]["two.hundred"]["newest_post"]

    crawl = await site.crawl("video", url=form.format(id=post_id, site=site.url))

    assert [post.id for post in crawl.items if isinstance(post, Video)] == [post_id]


async def test_a_photo_post_is_found_under_its_own_address(site: Site, known: dict[str, Any]) -> None:
    post_id = known["accounts"]["two.hundred"]["newest_photo_post"]

    crawl = await site.crawl("video", url=f"https://www.tiktok.com/@two.hundred/photo/{post_id}")

    (post,) = crawl.of_type(Video)
    assert post.kind == "photo"
    assert post.images


async def test_each_post_that_is_not_shown_says_why(site: Site, known: dict[str, Any]) -> None:
    marked = known["marked_posts"]

    crawl = await site.crawl("video", url=",".join(marked.values()))

    endings = {mark: str(crawl.outcomes[post_id].outcome) for mark, post_id in marked.items()}
    assert endings == {
        "age_gated": "age_gated",
        "taken_down": "taken_down",
        "region_blocked": "region_blocked",
        "deleted": "not_found",
        "private": "private",
        "under_review": "unavailable",
        "sound_removed": "ok",
    }
    assert {row.target: row.outcome for row in site.rows(OutcomeRow)} == {
        target: str(outcome.outcome) for target, outcome in crawl.outcomes.items()
    }
    assert crawl.ending is Ending.DONE


async def test_a_post_that_vanished_stays_and_is_marked(
    site: Site, standin: RunningStandin, known: dict[str, Any]
) -> None:
    post_id = known["accounts"]["two.hundred"]["newest_post"]
    await site.crawl("video", url=post_id)
    standin.add_fault("status_code", f"/@*/video/{post_id}", options={"code": 10204})
    standin.add_fault("status_code", f"/embed/v2/{post_id}", options={"code": 10204})

    await site.crawl("video", url=post_id)

    (row,) = site.rows(VideoRow)
    assert (row.id, row.outcome) == (post_id, "not_found")
    assert row.outcome_at is not None


async def test_a_post_that_is_back_loses_its_mark(
    site: Site, standin: RunningStandin, known: dict[str, Any]
) -> None:
    post_id = known["accounts"]["two.hundred"]["newest_post"]
    await site.crawl("video", url=post_id)
    standin.add_fault("status_code", f"/*/{post_id}", options={"code": 10204})
    await site.crawl("video", url=post_id)
    gone = [row.outcome for row in site.rows(VideoRow)]
    standin.reset()

    await site.crawl("video", url=post_id)

    assert gone == ["not_found"]
    assert [row.outcome for row in site.rows(VideoRow)] == [None]
