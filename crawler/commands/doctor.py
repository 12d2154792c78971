"""`scrapy doctor`: what works from here, what is refused, what is not set up; and what will not last."""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from threading import Thread

from scrapy.commands import ScrapyCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from crawler.configuration import config_of
from crawler.doctor.findings import Finding, State, health_of
from crawler.doctor.report import unserved, write_json, write_report
from crawler.doctor.rounds import DoctorSpider, missing_rounds
from crawler.doctor.visitors import look_at_visitors
from store.engine import open_engine
from store.errors import StoreError
from store.schema import migrate
from tiktok.errors import InvalidTarget

BAD_INPUT = 2
PART_SECONDS = 30.0
"""For all parts together to answer."""


class Command(ScrapyCommand):
    """Looks at the parts first, then asks the site, and last tells how that left those who asked."""

    requires_project = True
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  # declared so by Scrapy

    def short_desc(self) -> str:
        return "Tell what works from here: routes, identities, exits, browser, database, Redis, Scrapyd"

    def long_desc(self) -> str:
        return (
            "Asks the site once by each route of each operation, as a crawl would: at the set pace, with the "
            "identities that there are. Nothing is stored. The exit status is 0 when all that is set up works, "
            "1 when something does not, 3 when some operation can't be got by any route."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        group = parser.add_argument_group("doctor")
        group.add_argument("--json", action="store_true", help="write one JSON document")
        group.add_argument("--offline", action="store_true", help="ask nothing of the site")
        group.add_argument(
            "--seconds", type=float, default=180, help="for all questions to the site (default 180)"
        )
        group.add_argument("--user", default="khaby.lame", help="profile to ask for (default %(default)s)")
        group.add_argument("--tag", default="funny", help="hashtag to ask for (default %(default)s)")
        group.add_argument("--query", default="cats", help="what to search for (default %(default)s)")

    def run(self, args: list[str], opts: Namespace) -> None:
        # Scrapy imports all commands whenever it starts a crawl: what only this one needs waits until it runs.
        from crawler.doctor.parts import look_at_parts  # noqa: PLC0415

        if args or not 0 < opts.seconds < float("inf"):
            raise UsageError("there is nothing to name" if args else "--seconds wants a number above 0")
        assert self.settings
        settings = self.settings
        has_database = self._prepare_database()
        findings = _in_time(lambda: look_at_parts(config_of(settings), settings), "parts")
        if not opts.offline:
            with tempfile.TemporaryDirectory() as folder:
                findings += self._ask_the_site(opts, None if has_database else folder)
        if has_database:
            findings += _in_time(self._visitors, "identities")
        else:
            findings.append(Finding("identities", "all", State.NOT_ASKED, "they are in the database"))
        health = health_of(findings, unserved(findings))
        (write_json if opts.json else write_report)(findings, health)
        self.exitcode = int(health)

    def _prepare_database(self) -> bool:
        """Make the tables where they are missing, as a crawl would; tell whether one could work."""
        assert self.settings
        try:
            config_of(self.settings).make_data_dir()
            engine = open_engine(self.settings["DATABASE_URL"])
            migrate(engine)
            engine.dispose()
        except StoreError:
            return False
        return True

    def _ask_the_site(self, opts: Namespace, folder: str | None) -> list[Finding]:
        """Run the rounds; without a database with guests that live in a folder and end with it."""
        assert self.settings
        assert self.crawler_process
        settings = self.settings.copy()
        if folder:
            settings.set("DATA_DIR", folder, "cmdline")
            settings.set("DATABASE_URL", f"sqlite:///{folder}/doctor.db", "cmdline")
            engine = open_engine(settings["DATABASE_URL"])
            migrate(engine)
            engine.dispose()
        found: list[Finding] = []
        wishes = {"user": opts.user, "tag": opts.tag, "query": opts.query, "seconds": opts.seconds}
        try:
            DoctorSpider(**wishes, found=found.append)
        except InvalidTarget as error:
            print(f"scrapy doctor: {error}", file=sys.stderr)  # noqa: T201  # a command's own voice
            sys.exit(BAD_INPUT)
        self.crawler_process.crawl(Crawler(DoctorSpider, settings), **wishes, found=found.append)
        self.crawler_process.start()
        return found + missing_rounds(found)

    def _visitors(self) -> Iterable[Finding]:
        assert self.settings
        config = config_of(self.settings)
        engine = open_engine(config.database_url)
        try:
            yield from look_at_visitors(config, engine, datetime.now(UTC))
        finally:
            engine.dispose()


def _in_time(look: Callable[[], Iterable[Finding]], area: str) -> list[Finding]:
    """Look for so long; what does not answer by then is left to itself."""
    found: list[Finding] = []

    def gather() -> None:
        try:
            for finding in look():
                found.append(finding)  # noqa: PERF402  # what is found by then counts
        except StoreError as error:
            found.append(Finding(area, "all", State.FAILED, str(error)))

    thread = Thread(target=gather, daemon=True)
    thread.start()
    thread.join(PART_SECONDS)
    if thread.is_alive():
        return [*found, Finding(area, "others", State.FAILED, f"no answer within {PART_SECONDS:g} s")]
    return found
