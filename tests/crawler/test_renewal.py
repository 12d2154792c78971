"""Logins that end soon are renewed by a visit in a real browser, or it is said why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawler.command import Finished, environment, scrapy
from tests.fixtures.standin import RunningStandin


def identity(standin: RunningStandin, state: Path, *arguments: str, **variables: str) -> Finished:
    return scrapy(["identity", *arguments], environment(state, standin.url, **variables))


@pytest.fixture
def state(standin: RunningStandin, tmp_path: Path) -> Path:
    """A directory with two accounts: one whose login ends in five days, one whose login lasts."""
    for number, days in ((1, 5), (2, 100)):
        cookies = standin.login(number, days=days)
        paste = tmp_path / f"account{number}.txt"
        paste.write_text("; ".join(f"{name}={value}" for name, value in cookies.items()))
        assert identity(standin, tmp_path / "state", "import", str(paste)).exit_code == 0
    return tmp_path / "state"


@pytest.mark.usefixtures("chromium")
def test_a_login_that_ends_soon_is_renewed_and_no_other(standin: RunningStandin, state: Path) -> None:
    renewed = identity(standin, state, "renew")
    again = identity(standin, state, "renew")

    pages = [one for one in standin.log()["requests"] if one["path"].startswith("/foryou")]
    assert renewed.exit_code == 0, renewed.complaints
    assert renewed.output.startswith("1 account1: renewed, ends ")
    assert [page["session"] for page in pages] == ["standin-session-1"]
    assert again.output.strip() == "No account is due"


@pytest.mark.usefixtures("chromium")
def test_what_the_site_does_not_renew_is_announced(standin: RunningStandin, state: Path) -> None:
    standin.add_fault("captcha", "/foryou")

    done = identity(standin, state, "renew", BROWSER_PATIENCE_SECONDS="1")

    listed = identity(standin, state, "list").output
    doctor = scrapy(["doctor", "--offline"], environment(state, standin.url)).output
    assert done.exit_code == 3
    assert "captcha" in done.output
    assert "not renewed: captcha" in " ".join(listed.split())
    assert "not renewed: captcha" in doctor
    assert "standin-session" not in done.output + done.complaints + listed + doctor


@pytest.mark.usefixtures("chromium")
def test_a_crawl_node_starts_it_like_any_spider(standin: RunningStandin, state: Path) -> None:
    started = ["crawl", "renewal", "-a", "_job=renewal.2026-11-25"]

    done = scrapy(started, environment(state, standin.url))
    wrong = scrapy([*started, "-a", "everybody=1"], environment(state, standin.url))

    assert done.exit_code == 0, done.complaints
    assert "Renewed: identity 1 until " in done.complaints
    assert identity(standin, state, "renew").output.strip() == "No account is due"
    assert wrong.exit_code == 2
    assert "everybody: spider renewal has no such argument; did you mean everyone?" in wrong.complaints


def test_without_a_browser_nothing_is_asked_and_the_reason_told(standin: RunningStandin, state: Path) -> None:
    done = identity(standin, state, "renew", BROWSER_PATH="none")

    assert done.exit_code == 3
    assert "1 account1: there is no browser" in done.output
    assert standin.log()["total"] == 0
