"""Lookups that only a browser can answer: one is started, and serves all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.fixtures.live import RunningLive
from tests.fixtures.standin import RunningStandin


def browsers(live: RunningLive) -> set[int]:
    """The processes of Playwright's driver, each of which drives one browser."""
    return {
        process.pid
        for process in live.serving_process.children()
        if any("playwright" in word for word in process.cmdline())
    }


def test_the_browser_stays_warm_from_lookup_to_lookup(
    start_live: Callable[..., RunningLive], chromium: Path
) -> None:
    live = start_live(BROWSER_PATH=str(chromium), ROUTES_OFF="session")
    assert (live.health()["browser"], browsers(live)) == ("cold", set())

    first = live.look_up("hashtag_videos", "funny", count=20, deadline_seconds=60)
    driven = browsers(live)
    second = live.look_up("comments", live.look_up("user_videos", "khaby.lame", count=1).ids[0], count=5)
    third = live.look_up("sound_videos", _sound_of(live), count=12, deadline_seconds=60)

    assert (first.outcome, first.document["route"], len(first.ids)) == ("ok", "browser", 20)
    assert second.outcome == "ok"
    assert (third.outcome, third.document["route"]) == ("ok", "browser")
    assert live.health()["browser"] == "warm"
    assert len(driven) == 1
    assert browsers(live) == driven


def test_what_a_browser_showed_goes_on_by_the_cursor(
    start_live: Callable[..., RunningLive], chromium: Path
) -> None:
    live = start_live(BROWSER_PATH=str(chromium), ROUTES_OFF="session")

    first = live.look_up("hashtag_videos", "funny", count=20, deadline_seconds=60)
    cursor = first.document["list"]["cursor"]
    second = live.look_up("hashtag_videos", "funny", count=20, cursor=cursor, deadline_seconds=60)

    assert (second.outcome, second.document["route"]) == ("ok", "browser")
    assert (len(first.ids), len(second.ids)) == (20, 20)
    assert not set(first.ids) & set(second.ids)


def test_a_visit_ends_when_nobody_waits_for_it(
    start_live: Callable[..., RunningLive], standin: RunningStandin, chromium: Path
) -> None:
    live = start_live(BROWSER_PATH=str(chromium), ROUTES_OFF="session", BROWSER_PATIENCE_SECONDS="60")
    standin.add_fault("delay", "/tag/*", options={"seconds": 20})
    began = time.monotonic()

    reply = live.look_up("hashtag_videos", "funny", count=20, deadline_seconds=4)

    assert reply.status == 504
    while live.health()["under_way"]:
        assert time.monotonic() - began < 50
        time.sleep(0.1)
    standin.drop_faults()
    assert live.look_up("hashtag_videos", "funny", count=20, deadline_seconds=60).outcome == "ok"


def _sound_of(live: RunningLive) -> str:
    (post,) = live.look_up("user_videos", "khaby.lame", count=1).document["items"]
    return str(post["sound_id"])
