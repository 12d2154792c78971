from __future__ import annotations

import logging
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from crawler.extensions import progress_line
from tests.crawler.command import SCRAPY, TIMEOUT_SECONDS, environment
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin
from tests.house.paths import ROOT

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


async def test_off_a_terminal_progress_is_a_plain_line_now_and_then(
    site: Site, standin: RunningStandin, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(progress_line, "LINE_SECONDS", 0.05)
    standin.add_fault("delay", "/api/creator/*", options={"seconds": 0.15})
    caplog.set_level(logging.INFO, "crawler.extensions.progress_line")

    await site.crawl("profile", user="pinned.old")

    lines = [record.getMessage() for record in caplog.records if record.name.endswith("progress_line")]
    found = [int(match[1]) for line in lines if (match := re.match(r"profile: (\d+) of 60 rows, ", line))]
    assert len(lines) == len(set(lines)) >= 3
    assert found == sorted(found)
    assert found[-1] > 0
    assert re.fullmatch(r"profile: \d+ of 60 rows, \d of 1 lists done, \d answers", lines[-1])


def test_on_a_terminal_progress_is_a_bar_that_leaves_nothing_behind(
    standin: RunningStandin, tmp_path: Path
) -> None:
    standin.add_fault("delay", "/api/creator/*", options={"seconds": 0.2})

    exit_code, shown = run_in_terminal(
        ["crawl", "profile", "-a", "user=new.handle"], environment(tmp_path, standin.url, LOG_LEVEL="")
    )

    assert exit_code == 0
    assert "\x1b[" in shown
    plain = ESCAPES.sub("", shown)
    assert re.search(r"profile .*15 of 25 rows, 0 of 1 lists done", plain)
    assert "INFO" not in plain
    assert " ".join(plain.splitlines()[-1].split()).startswith("profile: done in ")


def run_in_terminal(arguments: list[str], variables: dict[str, str]) -> tuple[int, str]:
    """Run a Scrapy command under a pseudo terminal and return what a person would see."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*SCRAPY, *arguments], cwd=ROOT, env=variables | {"TERM": "xterm", "COLUMNS": "120"},
        stdin=theirs, stdout=theirs, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
        exit_code = process.wait(timeout=TIMEOUT_SECONDS)
    os.close(ours)
    return exit_code, shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux says so when the other end is closed
        return b""
