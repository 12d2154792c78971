"""Where a browser is looked for, and how it is started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.browser.chromium import find_chromium, launch_options
from crawler.dispatch import PLAIN_ROUTES
from crawler.open_routes import missing_for_browser, open_routes
from tiktok.routes import Operation, Route, next_route


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_operators_own_comes_first(tmp_path: Path) -> None:
    theirs = program(tmp_path / "theirs")
    program(tmp_path / "chromium-1/chrome-linux/chrome")

    assert find_chromium(str(theirs), str(tmp_path)) == theirs


def test_a_build_of_playwrights_comes_before_the_systems(tmp_path: Path) -> None:
    old = program(tmp_path / "chromium-1100/chrome-linux/chrome")
    new = program(tmp_path / "chromium-1200/chrome-linux64/chrome")
    os.utime(old, (1, 1))

    assert find_chromium("", str(tmp_path)) == new


def test_the_systems_is_found_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = program(tmp_path / "bin" / "google-chrome")
    monkeypatch.setenv("PATH", str(there.parent))

    assert find_chromium("", str(tmp_path)) == there


def test_none_means_none() -> None:
    assert find_chromium("none") is None


@pytest.mark.parametrize(("uid", "expected"), [(0, True), (1000, False)])
def test_only_root_does_without_the_sandbox(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, uid: int, expected: bool
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: uid)

    options = launch_options(tmp_path, Settings({"BROWSER_FLAGS": ["--mute-audio"]}))

    assert ("--no-sandbox" in options["args"], "--mute-audio" in options["args"]) == (expected, True)


def test_the_route_is_open_only_where_a_browser_can_be_driven(tmp_path: Path) -> None:
    settings = Settings({"BROWSER_PATH": str(program(tmp_path / "chrome"))})
    without = Settings({"BROWSER_PATH": "none"})
    reactorless = settings.copy()
    reactorless.set("TWISTED_REACTOR_ENABLED", False)

    assert Route.BROWSER in open_routes(settings)
    assert Route.BROWSER not in open_routes(without)
    assert set(open_routes(without)) == PLAIN_ROUTES
    assert "playwright install chromium" in (missing_for_browser(without) or "")
    assert "reactor" in (missing_for_browser(reactorless) or "")


def test_a_missing_browser_is_spoken_of_when_it_is_first_missed(caplog: pytest.LogCaptureFixture) -> None:
    routes = open_routes(Settings({"BROWSER_PATH": "none"}))

    assert next_route(Operation.PROFILE_VIDEOS, None, routes) is Route.LIST
    before = len(caplog.messages)
    for _ in range(2):
        assert next_route(Operation.HASHTAG_VIDEOS, Route.API, routes) is Route.EMBED

    assert before == 0
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("Routes session and browser are off: there is no browser")
