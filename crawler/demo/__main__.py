"""The demo's command line and its course: a fresh database, the services, crawls and questions, the report."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from sqlalchemy import Engine

from crawler.demo import crawls
from crawler.demo.questions import ask_for_profiles, look_up_posts
from crawler.demo.receiver import Receiver, running_receiver
from crawler.demo.report import print_counts, print_next_steps, print_results, print_shortcomings, say
from crawler.demo.results import Result, count_rows, find_discussed_post, read_result
from crawler.demo.services import ServiceFailed, Services, running_services
from crawler.standin_process import StandinFailed, running_standin, some_usernames
from store.config import Config, load_config
from store.engine import open_engine
from store.errors import ConfigError, StoreError
from store.schema import migrate

DATABASE_FILE = "tiktok.db"
LOCK = "lock"
USERNAME, HASHTAG, WORDS = "khaby.lame", "funny", "iphone case"
HASHTAG_LIMIT = 50
"""With a browser its list goes on for some time, scroll by scroll; without one it ends after ten."""
PRODUCTS_LIMIT = 60
"""Two pages: the one that comes with the search, and one that is asked for."""
PROFILES = 30
LOOKUP_COUNT = 20
CRAWLS, QUESTIONS = 5, 2
LIVE_LIMIT = 30
"""Rows per list from TikTok itself: two pages, enough to see it work."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a demo takes place."""

    console: Console
    engine: Engine
    environment: dict[str, str]
    home: Path
    """Its own directory, with the logs."""

    def crawl(self, crawl: crawls.Crawl) -> Result:
        """Crawl, and read what came of it."""
        with self.console.status(f"scrapy {' '.join(crawl.arguments)}"):
            return read_result(self.engine, crawls.run(crawl, self.environment, self.home))


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; 0 only if everything was found."""
    options = _parser().parse_args(arguments)
    console = Console()
    # Told to stop, we still have to stop what we started; a shell lets what it starts behind it ignore Ctrl-C.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    try:
        config = load_config()
        with ExitStack() as stack:
            home = stack.enter_context(fresh_home(config))
            if options.live:
                stage = _stage(stack, console, home, {"TIKTOK_BASE_URL": config.tiktok_base_url})
                succeeded = _show_live(stage, options.live.removeprefix("@"))
            else:
                succeeded = _show_standin(stack, console, home, config, goes_on=not options.exit)
    except (StoreError, StandinFailed, ServiceFailed) as error:
        sys.stderr.write(f"bin/demo: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return int(not succeeded)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/demo", description="Crawl the bundled stand-in and show the result."
    )
    parser.add_argument("--exit", action="store_true", help="stop after the crawl instead of serving on")
    parser.add_argument("--live", metavar="@USER", help="crawl this profile of TikTok itself instead")
    return parser


@contextmanager
def fresh_home(config: Config) -> Iterator[Path]:
    """Give `DATA_DIR/demo`, without what the last demo left, to one demo at a time."""
    home = config.make_data_dir() / "demo"
    home.mkdir(exist_ok=True)
    with (home / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            problem = f"another demo is using {home}"
            raise ConfigError("DATA_DIR", problem, "stop it, or choose another directory") from error
        for leftover in home.iterdir():
            if leftover.is_dir():
                shutil.rmtree(leftover)
            elif leftover.name != LOCK:
                leftover.unlink()
        yield home


def _stage(stack: ExitStack, console: Console, home: Path, site: dict[str, str]) -> Stage:
    """Make a database, and say what is crawled."""
    url = f"sqlite:///{home / DATABASE_FILE}"
    say(console, f"Crawling {site['TIKTOK_BASE_URL']}")
    engine = open_engine(url)
    stack.callback(engine.dispose)
    migrate(engine)
    return Stage(console, engine, {**os.environ, "DATA_DIR": str(home), "DATABASE_URL": url, **site}, home)


def _show_standin(stack: ExitStack, console: Console, home: Path, config: Config, *, goes_on: bool) -> bool:
    """Show all of it against the bundled site; tell whether everything was found."""
    site = stack.enter_context(running_standin())
    receiver = stack.enter_context(running_receiver())
    shared = {"TIKTOK_BASE_URL": site, "TIKTOK_SHOP_BASE_URL": site, "WEBHOOK_ALLOW_HOSTS": receiver.host}
    stage = _stage(stack, console, home, shared)
    config = replace(config, data_dir=home)
    services = stack.enter_context(running_services(config, stage.engine, stage.environment, home))
    # The crawls need none of the services, which get ready meanwhile.
    results = [*_crawls(stage, USERNAME, None), *_questions(stage, services, receiver)]
    succeeded = _report(stage, results, CRAWLS + QUESTIONS)
    if goes_on:
        print_next_steps(console, site, home / DATABASE_FILE, services)
        say(console, f"\nThe stand-in goes on at {site} until Ctrl-C.")
        with suppress(KeyboardInterrupt):
            signal.pause()
    return succeeded


def _show_live(stage: Stage, username: str) -> bool:
    """Crawl TikTok itself, a little of each; tell whether everything was found."""
    return _report(stage, list(_crawls(stage, username, LIVE_LIMIT)), CRAWLS)


def _crawls(stage: Stage, username: str, limit: int | None) -> Iterator[Result]:
    """Crawl as one does at the command line."""
    yield stage.crawl(crawls.profile(username, limit))
    yield stage.crawl(crawls.hashtag(HASHTAG, limit or HASHTAG_LIMIT))
    post = find_discussed_post(stage.engine)
    if post:
        yield stage.crawl(crawls.comments(post, limit))
        yield stage.crawl(crawls.post(f"https://www.tiktok.com/@{username}/video/{post}"))
    else:
        say(stage.console, "Missing: a post with a handful of comments")
    yield stage.crawl(crawls.products(WORDS, limit or PRODUCTS_LIMIT))


def _questions(stage: Stage, services: Services, receiver: Receiver) -> Iterator[Result]:
    """Ask as programs do: over HTTP."""
    with stage.console.status("waiting for the API and the live service"):
        services.wait()
    with stage.console.status("POST /api/tiktok/profiles"):
        yield ask_for_profiles(services, receiver, stage.engine, some_usernames(PROFILES))
    with stage.console.status(f"GET /api/v1/user/{USERNAME}/videos"):
        yield look_up_posts(services, USERNAME, LOOKUP_COUNT)


def _report(stage: Stage, results: list[Result], expected: int) -> bool:
    print_results(stage.console, results)
    print_counts(stage.console, count_rows(stage.engine), stage.home / DATABASE_FILE)
    is_short = print_shortcomings(stage.console, results)
    return not is_short and len(results) == expected


if __name__ == "__main__":
    sys.exit(main())
