"""`python -m crawler.live`: the live service."""

from __future__ import annotations

import argparse
import logging
import socket
import sys

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from crawler.commands.crawl import CHATTY
from crawler.live.resident import LiveSpider
from store.config import load_config
from store.engine import open_engine
from store.errors import StoreError
from store.live_access import ensure_live_secret
from store.schema import migrate


def main(arguments: list[str] | None = None) -> int:
    """Serve until a signal comes."""
    argparse.ArgumentParser(prog="python -m crawler.live", description=__doc__).parse_args(arguments)
    try:
        config = load_config()
        config.make_data_dir()
        secret = ensure_live_secret(config)
        engine = open_engine(config.database_url)
        migrate(engine)
        engine.dispose()
    except StoreError as error:
        sys.stderr.write(f"live: {error}\n")
        return 1
    listener = socket.create_server(("127.0.0.1", config.live_port))
    settings = get_project_settings()
    settings.setmodule("crawler.live.settings", priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    if config.log_level != "DEBUG":
        for name in CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
    process.crawl(LiveSpider, listener=listener, secret=secret)
    sys.stdout.write(f"live: listening on http://127.0.0.1:{config.live_port}\n")
    sys.stdout.flush()
    process.start()
    return 0


if __name__ == "__main__":
    sys.exit(main())
