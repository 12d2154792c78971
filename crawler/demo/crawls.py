"""What the demo crawls, each crawl in a process of its own, as a user would start it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tiktok.routes import Operation

ROOT = Path(__file__).parents[2]
"""Where `scrapy.cfg` stands."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """One `scrapy crawl`."""

    title: str
    spider: str
    arguments: Mapping[str, str]
    rows: str = ""
    """What its list holds, in a word; empty for a crawl of single records."""
    operation: Operation | None = None
    """The list whose completeness is shown."""

    @property
    def command(self) -> str:
        """What a user would type."""
        return " ".join(
            ["scrapy crawl", self.spider, *(f"-a {name}={value}" for name, value in self.arguments.items())]
        )


@dataclass(frozen=True, slots=True)
class Run:
    """A crawl that ended."""

    crawl: Crawl
    exit_code: int
    seconds: float
    log: Path = field(repr=False)


def profile(username: str, limit: int | None = None) -> Crawl:
    arguments = {"user": username} | ({"limit": str(limit)} if limit else {})
    return Crawl(f"@{username}", "profile", arguments, "posts", Operation.PROFILE_VIDEOS)


def hashtag(name: str, limit: int | None = None) -> Crawl:
    arguments = {"tag": name} | ({"limit": str(limit)} if limit else {})
    return Crawl(f"#{name}", "hashtag", arguments, "posts", Operation.HASHTAG_VIDEOS)


def comments(video_id: str, limit: int | None = None) -> Crawl:
    arguments = {"video": video_id} | ({"limit": str(limit)} if limit else {})
    return Crawl(f"post {video_id}", "comments", arguments, "comments", Operation.COMMENTS)


def run(crawl: Crawl, environment: Mapping[str, str], logs: Path) -> Run:
    """Crawl, with what Scrapy says in a file of its own."""
    words = [word for name, value in crawl.arguments.items() for word in ("-a", f"{name}={value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", crawl.spider, *words]
    log = logs / f"{crawl.spider}.log"
    started = time.monotonic()
    with log.open("w") as output:
        done = subprocess.run(  # noqa: S603  # a command of ours
            command, cwd=ROOT, env=dict(environment), stdout=output, stderr=subprocess.STDOUT, check=False
        )
    return Run(crawl, done.returncode, time.monotonic() - started, log)
