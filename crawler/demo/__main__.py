"""The demo's command line and its course: a fresh database, the crawls, the report, the farewell."""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from rich.console import Console
from sqlalchemy import Engine

from crawler.demo import crawls
from crawler.demo.report import print_counts, print_next_steps, print_results, print_shortcomings, say
from crawler.demo.results import Result, count_rows, find_discussed_post, read_result
from crawler.standin_process import StandinFailed, running_standin
from store.config import Config, load_config
from store.engine import open_engine
from store.errors import ConfigError, StoreError
from store.schema import migrate

DATABASE_FILE = "tiktok.db"
USERNAME, HASHTAG = "khaby.lame", "funny"
HASHTAG_LIMIT = 50
"""With a browser its list goes on for some time, scroll by scroll; without one it ends after ten."""
CRAWLS = 3
LIVE_LIMIT = 30
"""Rows per list from TikTok itself: two pages, enough to see it work."""


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; 0 only if everything was found."""
    options = _parser().parse_args(arguments)
    console = Console()
    # Told to stop, we still have to stop what we started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        config = load_config()
        with ExitStack() as stack:
            home = stack.enter_context(fresh_home(config))
            standin = None if options.live else stack.enter_context(running_standin())
            succeeded = _show(console, home, standin or config.tiktok_base_url, options.live)
            if standin and not options.exit:
                _serve_on(console, standin, home)
    except (StoreError, StandinFailed) as error:
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
    """Give `DATA_DIR/demo`, without the database of the last demo, to one demo at a time."""
    home = config.make_data_dir() / "demo"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            problem = f"another demo is using {home}"
            raise ConfigError("DATA_DIR", problem, "stop it, or choose another directory") from error
        for leftover in home.glob(f"{DATABASE_FILE}*"):
            leftover.unlink()
        yield home


def _show(console: Console, home: Path, site: str, live: str | None) -> bool:
    """Crawl and report; tell whether everything was found."""
    url = f"sqlite:///{home / DATABASE_FILE}"
    environment = {**os.environ, "DATA_DIR": str(home), "DATABASE_URL": url, "TIKTOK_BASE_URL": site}
    say(console, f"Crawling {site}")
    engine = open_engine(url)
    migrate(engine)
    results = list(_crawl(console, engine, environment, home, live))
    print_results(console, results)
    print_counts(console, count_rows(engine), home / DATABASE_FILE)
    engine.dispose()
    is_short = print_shortcomings(console, results)
    return not is_short and len(results) == CRAWLS


def _crawl(
    console: Console, engine: Engine, environment: dict[str, str], home: Path, live: str | None
) -> Iterator[Result]:
    limit = LIVE_LIMIT if live else None

    def result(crawl: crawls.Crawl) -> Result:
        with console.status(f"scrapy {' '.join(crawl.arguments)}"):
            return read_result(engine, crawls.run(crawl, environment, home))

    yield result(crawls.profile((live or USERNAME).removeprefix("@"), limit))
    yield result(crawls.hashtag(HASHTAG, limit or HASHTAG_LIMIT))
    post = find_discussed_post(engine)
    if post:
        yield result(crawls.comments(post, limit))
    else:
        say(console, "Missing: a post with a handful of comments")


def _serve_on(console: Console, standin: str, home: Path) -> None:
    print_next_steps(console, standin, home / DATABASE_FILE)
    say(console, f"\nThe stand-in goes on at {standin} until Ctrl-C.")
    with suppress(KeyboardInterrupt):
        signal.pause()


if __name__ == "__main__":
    sys.exit(main())
