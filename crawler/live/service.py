"""`python -m crawler.live.service FD`: the process that serves, on a socket that its parent listens with."""

from __future__ import annotations

import logging
import socket
import sys

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from crawler.commands.crawl import CHATTY
from crawler.live.resident import LiveSpider
from store.config import load_config
from store.live_access import ensure_live_secret


def main(arguments: list[str]) -> int:
    """Serve until told to end, or until memory has grown."""
    (number,) = arguments
    config = load_config()
    settings = get_project_settings()
    settings.setmodule("crawler.live.settings", priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    if config.log_level != "DEBUG":
        for name in CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
    crawler = process.create_crawler(LiveSpider)
    process.crawl(crawler, listener=socket.socket(fileno=int(number)), secret=ensure_live_secret(config))
    process.start()
    return 1 if crawler.stats.get_value("store/failed") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
