"""`scrapy media`: how the archive stands, what failed and is to be tried again, yt-dlp's download archives."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import ClassVar, NoReturn

from rich.console import Console
from rich.table import Table
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from sqlalchemy import Engine

from store.engine import open_engine
from store.errors import StoreError
from store.jobs.media_arguments import wish_arguments
from store.media.book import Order
from store.media.download_archives import export_archive, import_archive
from store.media.retries import Choice, open_orders, retry_posts
from store.media.statuses import Status, archived_bytes, post_statuses, status_counts
from store.schema import migrate

SHOWN = 20
AT_ONCE = 500
"""Posts that one crawl takes up; the next one takes the others."""


class Command(ScrapyCommand):
    """Each action is one method."""

    requires_project = True
    default_settings: ClassVar = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "status | retry | export FILE | import FILE  [--job ID]"

    def short_desc(self) -> str:
        return "The archive of media: its status, another try for what failed, yt-dlp's download archives"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--job", type=int, help="of this job only")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        actions = {"status": 1, "retry": 1, "export": 2, "import": 2}
        if not args or actions.get(args[0]) != len(args):
            raise UsageError(f"write scrapy media {self.syntax()}")
        assert self.settings
        try:
            engine = open_engine(self.settings["DATABASE_URL"])
            migrate(engine)
            match args:
                case ["status"]:
                    self._status(engine, opts.job)
                case ["retry"]:
                    self._retry(engine, opts.job)
                case ["export", name]:
                    self._export(engine, name)
                case ["import", name]:
                    self._import(engine, name)
            engine.dispose()
        except (StoreError, OSError, UnicodeDecodeError) as error:
            _refuse(str(error))

    def _status(self, engine: Engine, job_id: int | None) -> None:
        console = Console(highlight=False)
        table = Table("status", "posts", box=None, pad_edge=False)
        for status, count in status_counts(engine, job_id).items():
            table.add_row(status.value, f"{count:,}")
        console.print(table)
        console.print(f"in all {archived_bytes(engine) / 1e6:,.1f} MB")
        failed = [each for each in post_statuses(engine, job_id) if each.status is Status.FAILED]
        for each in failed[:SHOWN]:
            console.print(f"{each.video_id} failed after {each.attempts} attempts: {each.reason}")

    def _retry(self, engine: Engine, job_id: int | None) -> None:
        """Failed posts, and those that a killed crawl left, are crawled once more."""
        assert self.crawler_process
        retry_posts(engine, Choice(job_id=job_id), datetime.now(UTC))
        assert self.settings
        uploads = bool(self.settings["MEDIA_STORE"])
        orders = open_orders(engine, Choice(job_id=job_id), uploads=uploads, n=AT_ONCE)
        if not orders:
            print("Nothing has failed, and nothing is left to do.")  # noqa: T201  # a command's own voice
            return
        for _, alike in groupby(sorted(orders, key=_words), key=_words):
            some = list(alike)
            arguments = {"url": ",".join(order.video_id for order in some), **wish_arguments(some[0].wish)}
            self.crawler_process.crawl("video", **arguments)
        self.crawler_process.start()

    def _export(self, engine: Engine, name: str) -> None:
        with Path(name).open("w", encoding="utf-8") as file:
            count = sum(file.write(f"{line}\n") > 0 for line in export_archive(engine))
        print(f"{count:,} posts written to {name}")  # noqa: T201  # as above

    def _import(self, engine: Engine, name: str) -> None:
        with Path(name).open(encoding="utf-8") as file:
            told = import_archive(engine, file, datetime.now(UTC))
        words = f"{told.new:,} posts are archived elsewhere now, {told.known:,} were known"
        print(f"{words}, {told.others:,} other lines")  # noqa: T201  # as above


def _words(order: Order) -> str:
    return order.wish.words


def _refuse(line: str) -> NoReturn:
    print(f"scrapy media: {line}", file=sys.stderr)  # noqa: T201  # as above
    sys.exit(2)
