"""Crawls that need a browser, as a user starts them, against the stand-in's own scripts."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from benchmarks.browser_memory import measure
from crawler.endings import Ending
from store.models import CommentRow, UserRow, VideoRow
from tests.crawler.crawling import Site
from tests.crawler.terminal import PATIENCE_SECONDS, Terminal, asked, running_proxy, until
from tests.fixtures.browser import Discussion
from tests.fixtures.standin import RunningStandin

TAG_LIST = "/api/challenge/item_list/"


@pytest.fixture
def terminal(site: Site, tmp_path: Path, chromium: Path) -> Terminal:
    """A terminal on a machine with Chromium, where no route above the browser's gets at the lists."""
    assert chromium.is_file()
    return Terminal(site, tmp_path, routes_off="session")


def test_a_hashtags_list_that_only_its_page_can_sign_is_read_whole(terminal: Terminal) -> None:
    done = terminal.crawl("hashtag", "-a", "tag=funny")

    assert done.exit_code == Ending.DONE, done.complaints
    assert terminal.listing("funny") == ("complete", 600, "browser")
    assert len(terminal.site.rows(VideoRow)) == 600
    assert "Traceback" not in done.complaints
    assert terminal.browser_pids() == []


@pytest.mark.parametrize(("kind", "table", "found"), [("videos", VideoRow, 60), ("users", UserRow, 40)])
def test_a_search_is_answered_to_the_page(
    terminal: Terminal, standin: RunningStandin, kind: str, table: type[Any], found: int
) -> None:
    standin.change(open=["login"])

    done = terminal.crawl("search", "-a", "q=iphone case", "-a", f"kind={kind}")

    assert done.exit_code == Ending.DONE, done.complaints
    assert terminal.listing("iphone case") == ("complete", found, "browser")
    assert len(terminal.site.rows(table)) >= found


def test_comments_come_with_their_replies(
    terminal: Terminal, standin: RunningStandin, discussed: Discussion
) -> None:
    standin.add_fault("unsigned", "/api/comment/*")

    done = terminal.crawl("comments", "-a", f"video={discussed.video_id}")

    assert done.exit_code == Ending.DONE, done.complaints
    assert len(terminal.site.rows(CommentRow)) == discussed.total
    assert asked(standin, "/api/comment/list/reply/") > 0


def test_the_browser_is_the_visitor_that_the_crawl_was_before(
    terminal: Terminal, standin: RunningStandin, discussed: Discussion
) -> None:
    """A limit ends the visit, too."""
    standin.add_fault("unsigned", "/api/comment/*")

    terminal.crawl("comments", "-a", f"video={discussed.video_id}", "-a", "replies=0", "-a", "limit=20")

    page, *later = standin.log()["requests"]
    assert asked(standin, "/api/comment/list/") <= 4
    assert asked(standin, "/static/app.js") == 1
    assert len({request["identity"] for request in later}) == 1
    assert {request["user_agent"] for request in later} == {page["user_agent"]}


def test_the_browser_leaves_by_the_same_proxy_as_everything_else(
    terminal: Terminal, standin: RunningStandin
) -> None:
    with running_proxy("--user", "me", "--password", "p@ss", "--exit-name", "oslo") as address:
        proxy = f"http://me:p%40ss@{address}"
        done = terminal.crawl("hashtag", "-a", "tag=funny", "-a", "limit=30", http_proxy=proxy)

    seen = standin.log()["requests"]
    assert terminal.listing("funny")[2] == "browser", done.complaints
    assert {request["exit"] for request in seen} == {seen[0]["exit"]}
    assert seen[0]["exit"] != "127.0.0.1"
    assert asked(standin, TAG_LIST) > 2


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_a_browser_that_is_lost_is_replaced_and_the_list_read_whole(
    terminal: Terminal, standin: RunningStandin, blow: signal.Signals
) -> None:
    patience = ["-s", "BROWSER_PAUSE_SECONDS=0.15", "-s", "BROWSER_CALL_SECONDS=2"]
    with terminal.crawling("hashtag", "-a", "tag=funny", *patience) as crawl:
        until(lambda: asked(standin, TAG_LIST) >= 6)
        os.kill(terminal.browser_pids()[0], blow)
        exit_code = crawl.wait(timeout=PATIENCE_SECONDS)

    assert exit_code == Ending.DONE
    assert terminal.listing("funny") == ("complete", 600, "browser")
    assert terminal.browser_pids() == []


def test_what_a_page_had_found_when_it_hung_is_kept(terminal: Terminal, standin: RunningStandin) -> None:
    patience = ["-s", "BROWSER_PAUSE_SECONDS=0.3", "-s", "BROWSER_CALL_SECONDS=2"]
    with terminal.crawling("hashtag", "-a", "tag=funny", *patience) as crawl:
        until(lambda: asked(standin, TAG_LIST) >= 6)
        for pid in terminal.renderer_pids():
            os.kill(pid, signal.SIGSTOP)
        exit_code = crawl.wait(timeout=PATIENCE_SECONDS)

    state, found, route = terminal.listing("funny")
    assert exit_code == Ending.INCOMPLETE
    assert (state, route) == ("truncated", "browser")
    assert 60 <= found < 600
    assert len(terminal.site.rows(VideoRow)) >= found
    assert terminal.browser_pids() == []


def test_a_page_that_hangs_is_closed_and_opened_again(terminal: Terminal, standin: RunningStandin) -> None:
    standin.add_fault("hang", "/tag/funny", count=1)
    quick = ["-s", "BROWSER_CALL_SECONDS=1", "-s", "DOWNLOAD_TIMEOUT=2", "-a", "limit=60"]

    done = terminal.crawl("hashtag", "-a", "tag=funny", *quick)

    assert done.exit_code == Ending.DONE, done.complaints
    assert "route browser: 1 network, 1 ok" in done.complaints
    assert terminal.browser_pids() == []


def test_ctrl_c_brings_home_what_the_visit_has_found(terminal: Terminal, standin: RunningStandin) -> None:
    with terminal.crawling("hashtag", "-a", "tag=funny", "-s", "BROWSER_PAUSE_SECONDS=0.3") as crawl:
        until(lambda: asked(standin, TAG_LIST) >= 5)
        crawl.send_signal(signal.SIGINT)
        exit_code = crawl.wait(timeout=PATIENCE_SECONDS)

    state, found, route = terminal.listing("funny")
    assert exit_code == Ending.INCOMPLETE
    assert (state, route) == ("truncated", "browser")
    assert 60 <= found < 600
    assert terminal.browser_pids() == []


def test_a_killed_crawl_takes_its_browser_along(terminal: Terminal, standin: RunningStandin) -> None:
    with terminal.crawling("hashtag", "-a", "tag=funny", "-s", "BROWSER_PAUSE_SECONDS=0.3"):
        until(lambda: asked(standin, TAG_LIST) >= 3)
        assert terminal.browser_pids()

    until(lambda: terminal.browser_pids() == [])


@pytest.mark.usefixtures("chromium")
def test_page_after_page_needs_no_more_memory() -> None:
    """The short form of a benchmark over 200 pages."""
    measured = measure(pages=30, settled=10)

    assert measured["pages"] >= 25
    assert measured["deviation"] <= measured["goal"]["deviation"], measured


def test_a_crawl_that_needs_no_browser_starts_none(terminal: Terminal, tmp_path: Path) -> None:
    witness, impostor = tmp_path / "started", tmp_path / "chromium"
    impostor.write_text(f"#!/bin/sh\ntouch '{witness}'\n")
    impostor.chmod(0o755)

    done = terminal.crawl("profile", "-a", "user=khaby.lame", BROWSER_PATH=str(impostor))

    assert done.exit_code == Ending.DONE, done.complaints
    assert "scrapy-playwright" not in done.complaints
    assert not witness.exists()


def test_a_browser_that_does_not_start_is_said_once_and_done_without(
    terminal: Terminal, tmp_path: Path
) -> None:
    impostor = tmp_path / "chromium"
    impostor.write_text("#!/bin/sh\nexit 1\n")
    impostor.chmod(0o755)

    done = terminal.crawl("hashtag", "-a", "tag=funny", BROWSER_PATH=str(impostor))

    assert done.complaints.count("Routes session and browser are off") == 1
    assert terminal.listing("funny") == ("truncated", 10, "embed")
    assert "Traceback" not in done.complaints


def test_without_a_browser_the_route_is_off_and_said_so(site: Site, tmp_path: Path) -> None:
    terminal = Terminal(site, tmp_path)

    done = terminal.crawl("hashtag", "-a", "tag=funny", BROWSER_PATH="none")

    assert done.complaints.count("Routes session and browser are off: there is no browser") == 1
    assert terminal.listing("funny") == ("truncated", 10, "embed")


def test_a_path_that_is_no_program_is_refused_before_anything_is_asked(
    site: Site, standin: RunningStandin, tmp_path: Path
) -> None:
    terminal = Terminal(site, tmp_path)

    done = terminal.crawl("hashtag", "-a", "tag=funny", BROWSER_PATH=str(tmp_path / "nothing"))

    assert done.exit_code != 0
    assert done.complaints.startswith("scrapy: BROWSER_PATH: ")
    assert done.complaints.count("\n") == 1
    assert standin.log()["total"] == 0
