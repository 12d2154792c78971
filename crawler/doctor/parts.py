"""The parts that a crawl stands on: each is tried for real, within some seconds."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import redis
from scrapy.settings import BaseSettings
from sqlalchemy import make_url

from crawler.browser.chromium import chromium_of
from crawler.doctor.findings import Finding, State
from crawler.open_routes import missing_for_browser
from store.config import Config
from store.engine import open_engine
from store.errors import StoreError
from store.live_access import live_url
from store.media.opening import reach_store
from store.node_credentials import credentials_file
from store.schema import check_schema

SECONDS = 5.0
"""For a server to answer."""


def look_at_parts(config: Config, settings: BaseSettings) -> Iterator[Finding]:
    """Try them one after the other."""
    yield _data_dir(config)
    yield _database(config)
    yield _redis(config)
    yield _browser(settings)
    yield from _nodes(config)
    yield _live(config)
    yield _media_store(config)


def _data_dir(config: Config) -> Finding:
    try:
        config.make_data_dir()
    except StoreError as error:
        return Finding("parts", "DATA_DIR", State.FAILED, str(error))
    return Finding("parts", "DATA_DIR", State.WORKS, str(config.data_dir))


def _database(config: Config) -> Finding:
    shown = make_url(config.database_url).render_as_string(hide_password=True)
    try:
        engine = open_engine(config.database_url)
        try:
            check_schema(engine)
        finally:
            engine.dispose()
    except StoreError as error:
        return Finding("parts", "database", State.FAILED, str(error))
    return Finding("parts", "database", State.WORKS, shown)


def _redis(config: Config) -> Finding:
    if not config.redis_url:
        return Finding("parts", "Redis", State.OFF, "REDIS_URL is not set; the pace is kept without it")
    parts = urlsplit(config.redis_url)
    where = parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"
    client = redis.Redis.from_url(
        config.redis_url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS, retry=None
    )
    try:
        client.ping()
    except redis.RedisError as error:
        # Its own words may quote what it was sent.
        return Finding("parts", "Redis", State.FAILED, f"{where}: {type(error).__name__}; check REDIS_URL")
    finally:
        client.close()
    return Finding("parts", "Redis", State.WORKS, where)


def _browser(settings: BaseSettings) -> Finding:
    missing, chromium = missing_for_browser(settings), chromium_of(settings)
    if missing or chromium is None:
        return Finding("parts", "browser", State.OFF, missing or "")
    try:
        told = subprocess.run(  # noqa: S603  # the operator's own browser
            [str(chromium), "--version"], capture_output=True, text=True, timeout=SECONDS * 2, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Finding("parts", "browser", State.FAILED, f"{chromium}: {type(error).__name__}")
    return Finding("parts", "browser", State.WORKS, f"{chromium}: {told.stdout.strip()}")


def _nodes(config: Config) -> Iterator[Finding]:
    if not config.scrapyd_urls:
        here = f"http://127.0.0.1:{config.scrapyd_port}"
        yield _node(config, here, is_wanted=False)
    for url in config.scrapyd_urls:
        yield _node(config, url, is_wanted=True)


def _node(config: Config, url: str, *, is_wanted: bool) -> Finding:
    parts = urlsplit(url)
    where = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    login = None if parts.username else _credentials(config)
    try:
        answer = httpx.get(f"{url}/daemonstatus.json", auth=login, timeout=SECONDS, trust_env=False)
    except httpx.ConnectError as error:
        if not is_wanted:
            return Finding("parts", "Scrapyd", State.OFF, f"no node on {where}; bin/serve starts one")
        return Finding("parts", "Scrapyd", State.FAILED, f"{where}: {type(error).__name__}")
    except httpx.HTTPError as error:
        return Finding("parts", "Scrapyd", State.FAILED, f"{where}: {type(error).__name__}")
    if answer.status_code == 401:
        fix = "check SCRAPYD_USERNAME and SCRAPYD_PASSWORD"
        return Finding("parts", "Scrapyd", State.FAILED, f"{where} does not take our password; {fix}")
    if not answer.is_success:
        return Finding("parts", "Scrapyd", State.FAILED, f"{where} answered {answer.status_code}")
    return Finding("parts", "Scrapyd", State.WORKS, where)


def _credentials(config: Config) -> tuple[str, str] | None:
    if config.scrapyd_username and config.scrapyd_password:
        return config.scrapyd_username, config.scrapyd_password
    try:
        username, _, password = credentials_file(config).read_text().strip().partition(":")
    except (OSError, StoreError):
        return None
    return username, password


def _live(config: Config) -> Finding:
    where = f"127.0.0.1:{config.live_port}"
    try:
        answer = httpx.get(f"{live_url(config)}/health", timeout=SECONDS, trust_env=False)
    except httpx.ConnectError:
        return Finding("parts", "live lookups", State.OFF, f"no service on {where}; bin/serve starts one")
    except httpx.HTTPError as error:
        return Finding("parts", "live lookups", State.FAILED, f"{where}: {type(error).__name__}")
    if not answer.is_success:
        return Finding("parts", "live lookups", State.FAILED, f"{where} answered {answer.status_code}")
    return Finding("parts", "live lookups", State.WORKS, where)


def _media_store(config: Config) -> Finding:
    """Where media go besides this machine."""
    if not config.media_store:
        return Finding("parts", "Drive", State.OFF, "MEDIA_STORE is not set")
    name = "Drive" if config.media_store.startswith("drive:") else "media folder"
    try:
        reach_store(config)
    except StoreError as error:
        return Finding("parts", name, State.FAILED, str(error))
    return Finding("parts", name, State.WORKS, config.media_store)
