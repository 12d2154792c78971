from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from crawler.endings import Ending
from pipelines import upsert as station_300
from pipelines.upsert import UpsertPipeline
from store.models import VideoRow
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tiktok.verdicts import Verdict


def test_exit_codes_are_those_that_scripts_rely_on() -> None:
    assert {ending.name: ending.value for ending in Ending} == {"DONE": 0, "CRASHED": 1, "INCOMPLETE": 3}


async def test_a_crawl_whose_targets_are_gone_for_good_is_done(site: Site) -> None:
    crawl = await site.crawl("profile", user="deleted.account,private.garden,banned.account")

    assert crawl.ending is Ending.DONE


async def test_one_refused_target_makes_the_crawl_incomplete(site: Site, standin: RunningStandin) -> None:
    for path in ("/@pinned.old", "/embed/@pinned.old", "/api/user/*"):
        standin.add_fault("captcha", path)

    crawl = await site.crawl("profile", user="new.handle,pinned.old")

    assert {target: str(outcome.outcome) for target, outcome in crawl.outcomes.items()} == {
        "new.handle": "ok",
        "pinned.old": "captcha",
    }
    assert crawl.ending is Ending.INCOMPLETE


async def test_a_crawl_that_was_stopped_is_incomplete(site: Site) -> None:
    crawl = await site.crawl(
        "profile", user="new.handle,pinned.old,two.hundred", settings={"CLOSESPIDER_ITEMCOUNT": 5}
    )

    assert crawl.stats["finish_reason"] == "closespider_itemcount"
    assert crawl.ending is Ending.INCOMPLETE


async def test_an_error_of_ours_is_a_crash(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("crawler.spiders.profile.ProfileSpider.follow_record", fail)

    crawl = await site.crawl("profile", user="new.handle")

    assert crawl.ending is Ending.CRASHED
    assert "ZeroDivisionError" in caplog.text


async def test_a_target_that_was_lost_on_the_way_is_a_crash(
    site: Site, standin: RunningStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("crawler.middlewares.route.RouteMiddleware._retry", fail)
    standin.add_fault("captcha", "*pinned.old")

    crawl = await site.crawl("profile", user="new.handle,pinned.old")

    assert list(crawl.outcomes) == ["new.handle"]
    assert crawl.ending is Ending.CRASHED


async def test_a_database_gone_in_mid_crawl_ends_it_and_the_next_crawl_goes_on(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(station_300, "BATCH_ROWS", 30)
    lose_table_after(3, monkeypatch)
    failed = await site.crawl("profile", user="two.hundred")
    stored = len(site.rows(VideoRow))
    monkeypatch.undo()

    crawl = await site.crawl("profile", user="two.hundred")

    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert failed.stats["finish_reason"] == "database_unreachable"
    assert failed.ending is Ending.CRASHED
    assert len(errors) == 1
    assert "\n" not in errors[0].getMessage()
    assert errors[0].exc_info is None
    assert 0 < stored < 200
    assert crawl.stats["list/resumed"] == 1
    assert (crawl.listing.found, crawl.outcome.outcome) == (200, Verdict.OK)
    assert len(site.rows(VideoRow)) == 200


async def test_rows_that_could_not_be_stored_at_the_very_end_are_a_crash(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_table_after(0, monkeypatch)

    crawl = await site.crawl("profile", user="new.handle")

    assert crawl.stats["finish_reason"] == "finished"
    assert crawl.stats["store/failed"] == "database_unreachable"
    assert crawl.ending is Ending.CRASHED


def lose_table_after(batches: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rename a table before the next batch is written, and back as soon as that has failed."""
    flush = UpsertPipeline.flush
    written = 0

    async def flush_without_a_table(self: UpsertPipeline) -> None:
        nonlocal written
        written += 1
        if written != batches + 1:
            return await flush(self)
        rename(self, "videos", "hidden")
        await flush(self)
        return rename(self, "hidden", "videos")

    monkeypatch.setattr(UpsertPipeline, "flush", flush_without_a_table)


def rename(station: UpsertPipeline, before: str, after: str) -> None:
    with station.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))
