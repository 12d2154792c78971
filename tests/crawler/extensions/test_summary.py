from __future__ import annotations

import io
import re

import pytest
from rich.console import Console
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.statscollectors import StatsCollector

from crawler.extensions.summary import SHOWN, Summary
from crawler.spiders.profile import ProfileSpider
from pipelines.progress import ProgressPipeline
from store.models import RejectRow, VideoRow
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tests.pipelines.samples import outcome


def lines_of(captured: str) -> list[str]:
    """The lines without the spaces that align their columns."""
    return [" ".join(line.split()) for line in captured.splitlines() if line.strip()]


async def test_the_summary_tells_what_was_found_and_by_which_routes(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    await site.crawl("profile", user="new.handle")

    told = lines_of(capsys.readouterr().err)
    assert "type exported new changed unchanged" in told
    assert "video 25 25 0 0" in told
    assert "user 1 1 0 0" in told
    assert "new.handle ok complete found 25 of 25" in told
    assert "route list: 2 ok" in told
    assert "route page: 1 ok" in told
    assert re.fullmatch(r"profile: done in \d+\.\d s, as job \d+", told[-1])


async def test_the_summary_tells_what_was_refused_and_why(
    site: Site, standin: RunningStandin, capsys: pytest.CaptureFixture[str]
) -> None:
    standin.add_fault("captcha")

    await site.crawl("video", url="7106594312292453675")

    told = lines_of(capsys.readouterr().err)
    assert any(line.startswith("7106594312292453675 captcha ") for line in told)
    assert {"route page: 2 captcha", "route embed: 2 captcha", "route api: 2 captcha"} <= set(told)
    assert re.fullmatch(r"video: incomplete; start it again to go on in \d+\.\d s, as job \d+", told[-1])


async def test_the_summary_goes_to_the_error_stream_and_stays_plain_off_a_terminal(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    await site.crawl("profile", user="empty.room")

    captured = capsys.readouterr()
    assert captured.out == ""
    assert "\x1b" not in captured.err


async def test_items_set_aside_are_told(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.soundness.MAX_COUNT", 1_000)

    await site.crawl("profile", user="new.handle")

    told = lines_of(capsys.readouterr().err)
    rejects = site.rows(RejectRow)
    assert f"set aside: {len(rejects)}, each with its reason in the table `rejects`" in told
    posts = [row for row in rejects if row.item_type == "video"]
    assert 0 < len(posts) == 25 - len(site.rows(VideoRow))
    assert all(row.reason.endswith(" is out of range") for row in rejects)


@pytest.fixture
def crawler() -> Crawler:
    """A crawl of many targets that is over."""
    return AsyncCrawlerRunner({"TWISTED_REACTOR_ENABLED": False}).create_crawler(ProfileSpider)


def test_of_many_targets_the_failed_ones_are_told_first(crawler: Crawler) -> None:
    station = ProgressPipeline(StatsCollector(crawler))
    for number in range(50):
        station.process_item(outcome(target=f"user{number:02}", outcome="captcha" if number == 49 else "ok"))
    written = io.StringIO()
    summary = Summary(crawler, Console(file=written, width=100))

    summary._tell_targets(station)

    told = lines_of(written.getvalue())
    assert told[0] == "Targets"
    assert told[2].startswith("user49 captcha")
    assert len(told) == 2 + SHOWN + 1
    assert told[-1] == "and 30 more, in the table `outcomes`"
