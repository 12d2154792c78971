"""Crawls whose lists TikTokApi fetches: within an open page, signed by the page's own script."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from crawler.endings import Ending
from store.models import CommentRow, VideoRow
from tests.crawler.crawling import Site
from tests.crawler.terminal import PATIENCE_SECONDS, Terminal, asked, until
from tests.fixtures.browser import Discussion
from tests.fixtures.standin import RunningStandin

TAG_LIST = "/api/challenge/item_list/"
START = "/foryou"


@pytest.fixture
def terminal(site: Site, tmp_path: Path, chromium: Path) -> Terminal:
    """A terminal on a machine with Chromium, where no page is scrolled for what a session can fetch."""
    assert chromium.is_file()
    return Terminal(site, tmp_path, routes_off="browser")


def test_a_hashtags_list_is_signed_by_one_open_page(terminal: Terminal, standin: RunningStandin) -> None:
    done = terminal.crawl("hashtag", "-a", "tag=funny")

    assert done.exit_code == Ending.DONE, done.complaints
    assert terminal.listing("funny") == ("complete", 600, "session")
    assert len(terminal.site.rows(VideoRow)) == 600
    assert asked(standin, START) == 1
    assert asked(standin, "/tag/funny") <= 1  # the record's page; none that is scrolled
    assert "Traceback" not in done.complaints
    assert terminal.browser_pids() == []


def test_comments_come_with_their_replies_to_the_visitors_that_the_crawl_has(
    terminal: Terminal, standin: RunningStandin, discussed: Discussion
) -> None:
    standin.add_fault("unsigned", "/api/comment/*")

    done = terminal.crawl("comments", "-a", f"video={discussed.video_id}")

    first, *later = standin.log()["requests"]
    pages = [request for request in later if request["path"].startswith(START)]
    assert done.exit_code == Ending.DONE, done.complaints
    assert len(terminal.site.rows(CommentRow)) == discussed.total
    assert pages
    assert all(request["identity"] for request in pages)
    assert {request["user_agent"] for request in later} == {first["user_agent"]}


def test_a_refusal_to_a_session_is_judged_like_any_other(terminal: Terminal, standin: RunningStandin) -> None:
    standin.add_fault("captcha", TAG_LIST)

    done = terminal.crawl("hashtag", "-a", "tag=funny")

    assert "route session: " in done.complaints
    assert "captcha" in done.complaints
    assert terminal.listing("funny") == ("truncated", 10, "embed")


def test_a_page_without_the_signing_script_is_no_answer_to_what_was_asked(
    terminal: Terminal, standin: RunningStandin
) -> None:
    standin.add_fault("captcha", START)

    done = terminal.crawl("hashtag", "-a", "tag=funny", BROWSER_PATIENCE_SECONDS="1")

    assert asked(standin, START) >= 1
    assert terminal.listing("funny") == ("truncated", 10, "embed")
    assert "Traceback" not in done.complaints


@pytest.mark.parametrize(
    ("fault", "path", "after"), [("delay", TAG_LIST, 4), ("hang", START, 0)], ids=["fetch", "page"]
)
def test_a_session_that_hangs_is_replaced(
    terminal: Terminal, standin: RunningStandin, fault: str, path: str, after: int
) -> None:
    standin.add_fault(fault, path, after=after, count=1, options={"seconds": 10})
    quick = ["-s", "DOWNLOAD_TIMEOUT=5", "-s", "BROWSER_CALL_SECONDS=2"]

    done = terminal.crawl("hashtag", "-a", "tag=funny", *quick, BROWSER_PATIENCE_SECONDS="2")

    assert done.exit_code == Ending.DONE, done.complaints
    assert terminal.listing("funny") == ("complete", 600, "session")
    assert "route session: 20 ok, 1 network" in done.complaints
    assert asked(standin, START) >= 2


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_a_browser_that_is_lost_is_replaced_and_the_list_read_whole(
    terminal: Terminal, standin: RunningStandin, blow: signal.Signals
) -> None:
    patience = ["-s", "DOWNLOAD_TIMEOUT=6", "-s", "BROWSER_CALL_SECONDS=2"]
    with terminal.crawling("hashtag", "-a", "tag=funny", *patience) as crawl:
        until(lambda: asked(standin, TAG_LIST) >= 6)
        os.kill(terminal.browser_pids()[0], blow)
        exit_code = crawl.wait(timeout=PATIENCE_SECONDS)

    assert exit_code == Ending.DONE
    assert terminal.listing("funny") == ("complete", 600, "session")
    assert terminal.browser_pids() == []
