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
    """One `scrapy crawl` of one target."""

    spider: str
    argument: str
    target: str
    title: str
    operation: Operation | None
    """The list that is walked, where there is one."""
    is_whole: bool = True
    """Whether the site shows all of the list to a guest without a browser."""
    limit: int | None = None
    more: tuple[str, ...] = ()
    """Further arguments, `name=value`."""

    @property
    def asks(self) -> str:
        """What its outcome is about."""
        return Operation.SHOP_SEARCH if self.spider == "shop" else self.spider

    @property
    def arguments(self) -> list[str]:
        """What follows `scrapy`."""
        limit = [f"limit={self.limit}"] if self.limit else []
        named = [f"{self.argument}={self.target}", *limit, *self.more]
        return ["crawl", self.spider, *(part for argument in named for part in ("-a", argument))]


@dataclass(frozen=True, slots=True)
class Run:
    """A crawl that ended."""

    crawl: Crawl
    exit_code: int
    seconds: float
    log: Path = field(repr=False)


def profile(username: str, limit: int | None = None) -> Crawl:
    title = f"posts of @{username}"
    return Crawl("profile", "user", username, title, Operation.PROFILE_VIDEOS, limit=limit)


def hashtag(name: str, limit: int | None = None) -> Crawl:
    # Since July 2026 the list wants a signature; the embed page shows ten posts to anybody.
    return Crawl(
        "hashtag", "tag", name, f"posts with #{name}", Operation.HASHTAG_VIDEOS, is_whole=False, limit=limit
    )


def post(url: str) -> Crawl:
    title = "one post with its files"
    return Crawl("video", "url", url, title, None, more=("media=1", "covers=1"))


def products(words: str, limit: int | None = None) -> Crawl:
    return Crawl("shop", "q", words, f"products: {words}", Operation.SHOP_SEARCH, limit=limit)


def comments(video_id: str, limit: int | None = None) -> Crawl:
    return Crawl("comments", "video", video_id, "comments on one post", Operation.COMMENTS, limit=limit)


def run(crawl: Crawl, environment: Mapping[str, str], logs: Path) -> Run:
    """Crawl, with what Scrapy says in a file of its own."""
    log = logs / f"{crawl.spider}.log"
    started = time.monotonic()
    with log.open("w") as output:
        done = subprocess.run(  # noqa: S603  # a command of ours
            [sys.executable, "-m", "scrapy", *crawl.arguments],
            cwd=ROOT,
            env=dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return Run(crawl, done.returncode, time.monotonic() - started, log)
