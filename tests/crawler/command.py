"""`scrapy crawl` as a user starts it: a process of its own, with the settings in its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.house.paths import ROOT

SCRAPY = [sys.executable, "-m", "scrapy"]
TIMEOUT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended."""

    exit_code: int
    output: str
    complaints: str
    """What it wrote to its error stream."""


def environment(data_dir: Path, site: str, **more: str) -> dict[str, str]:
    """The variables of a crawl: those of this process, our own settings replaced."""
    ours = {"DATA_DIR": str(data_dir), "TIKTOK_BASE_URL": site, "DATABASE_URL": "", "LOG_LEVEL": "INFO"}
    return {**os.environ, "PYTHONWARNINGS": "", **ours, **more}


def scrapy(arguments: Sequence[str], variables: Mapping[str, str]) -> Finished:
    """Run a Scrapy command of the project to its end."""
    done = subprocess.run(
        [*SCRAPY, *arguments],
        cwd=ROOT,
        env=dict(variables),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def start_scrapy(
    arguments: Sequence[str], variables: Mapping[str, str], log: Path = Path(os.devnull)
) -> subprocess.Popen[str]:
    """Start one and leave it running; `log` takes what it complains about."""
    with log.open("w") as complaints:
        return subprocess.Popen(
            [*SCRAPY, *arguments],
            cwd=ROOT,
            env=dict(variables),
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            text=True,
        )
