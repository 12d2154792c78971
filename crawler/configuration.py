"""The environment's settings as one crawl sees them: two of them may be overridden by Scrapy settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scrapy.settings import BaseSettings

from store.config import Config, load_config


def config_of(settings: BaseSettings) -> Config:
    """The configuration, with the crawl's own `DATA_DIR` and `DATABASE_URL`."""
    return replace(load_config(), data_dir=Path(settings["DATA_DIR"]), database_url=settings["DATABASE_URL"])
