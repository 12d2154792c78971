"""`scrapy crawl`, with bad input told in one line before anything starts, and an exit code that tells the end."""

from __future__ import annotations

import logging
import sys
from argparse import Namespace
from typing import NoReturn

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from crawler.endings import ending_of
from crawler.feeds import check_feeds
from crawler.spiders.base import TikTokSpider
from store.config import load_config
from store.engine import open_engine
from store.errors import StoreError
from store.jobs.arguments import InvalidArgument
from store.schema import migrate
from tiktok.errors import InvalidTarget

BAD_INPUT = 2
FEWEST_REQUESTS = 1_000
"""Below this, those who wait for an identity inside Scrapy's downloader may keep out those who hold one."""
CHATTY = ("alembic", "scrapy.addons", "scrapy.crawler", "scrapy.middleware")
"""Loggers that tell the settings and components at every start; `LOG_LEVEL=DEBUG` brings them back."""


class Command(ScrapyCrawl):
    """Checks arguments, outputs, `DATA_DIR` and the database first: a crawl that can't store must not ask."""

    def short_desc(self) -> str:
        return (
            "Run a spider: profile, hashtag, video, sound, comments, search, follows, trending, shop or "
            "bulk_profiles"
        )

    def run(self, args: list[str], opts: Namespace) -> None:
        if len(args) != 1:
            raise UsageError("name one spider: scrapy crawl profile -a user=…  (scrapy list shows all)")
        if self.settings and self.settings["LOG_LEVEL"] != "DEBUG":
            for name in CHATTY:
                logging.getLogger(name).setLevel(logging.WARNING)
        assert self.crawler_process
        assert self.settings
        try:
            spider_class = self.crawler_process.spider_loader.load(args[0])
        except KeyError:
            _refuse(f"no spider is called {args[0]!r}; scrapy list shows all")
        if 0 < self.settings.getint("CONCURRENT_REQUESTS") < FEWEST_REQUESTS:
            _refuse(
                "CONCURRENT_REQUESTS: a small figure can stop a crawl for good; "
                "leave it out and set CONCURRENT_REQUESTS_PER_DOMAIN, which limits all"
            )
        try:
            load_config().make_data_dir()
            spider = spider_class(**opts.spargs)
            if isinstance(spider, TikTokSpider):
                spider.check(self.settings["TIKTOK_BASE_URL"])
            check_feeds(self.settings.getdict("FEEDS"))
            engine = open_engine(self.settings["DATABASE_URL"])
            migrate(engine)
            engine.dispose()
        except (InvalidArgument, InvalidTarget, StoreError) as error:
            _refuse(str(error))
        crawler = self.crawler_process.create_crawler(spider_class)
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        self.exitcode = int(ending_of(crawler))


def _refuse(line: str) -> NoReturn:
    print(f"scrapy crawl: {line}", file=sys.stderr)  # noqa: T201  # a command's own voice
    sys.exit(BAD_INPUT)
