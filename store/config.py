"""All settings of the environment: read here and nowhere else, from the process and from `.env`.

Names, defaults and effects stand in `.env.example`. A variable of the process wins over one in `.env`.
"""

from __future__ import annotations

import math
import os
import sys
from base64 import b64decode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from store.errors import AddressRefused, ConfigError
from store.limits.limit import Limit
from store.limits.reading import read_limits, read_numbers
from store.outbound.destinations import HostPort, read_authority
from tiktok.devices import CHROME_ON_WINDOWS
from tiktok.media.paths import DEFAULT_TEMPLATE, InvalidTemplate, check_template
from tiktok.routes import Route
from tiktok.shop_targets import REGION, SHOP_SITE
from tiktok.targets import SITE

ENV_FILE = Path(".env")
DATABASE_FILE = "tiktok.db"
"""Name of the default SQLite file in `DATA_DIR`."""
SHORTEST_API_KEY = 16
LIVE_LIMITS = "trending:200,user:100,video:150,hashtag:100,search:50,sound:100,health:1000"
LIVE_GROUPS = tuple(word.partition(":")[0] for word in LIVE_LIMITS.split(","))
PLANS = ("free", "pro", "enterprise")


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many requests at once, then so many per second."""

    burst: int
    per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Settings, checked and typed. Each is the environment variable of the same name in capitals."""

    data_dir: Path
    database_url: str
    tiktok_base_url: str
    tiktok_shop_base_url: str
    shop_region: str
    shop_curated: bool
    database_patience_seconds: float
    polite_pace: bool
    user_agent: str
    tls_profile: str
    log_level: str
    scrapyd_urls: tuple[str, ...] = field(repr=False)
    scrapyd_port: int
    scrapyd_username: str
    scrapyd_password: str = field(repr=False)
    scrapyd_max_proc: int
    heartbeat_seconds: float
    bulk_batch_size: int
    bulk_batch_seconds: float
    bulk_max_usernames: int
    profile_cache_seconds: float
    standin_port: int
    secret_keys: tuple[str, ...] = field(repr=False)
    ms_tokens: tuple[str, ...] = field(repr=False)
    enable_proxy: bool
    require_proxy: bool
    proxy_list: Path | None
    webshare_api_key: str = field(repr=False)
    proxy_algorithm: str
    redis_url: str = field(repr=False)
    cache_mb: int
    cache_product_seconds: float
    cache_trending_seconds: float
    cache_search_seconds: float
    cache_category_seconds: float
    cache_live_seconds: float
    trending_interval: int
    scrape_interval: int
    categories_to_scrape: tuple[str, ...]
    request_log_mb: int
    routes_off: tuple[str, ...]
    browser_path: str
    playwright_browsers_path: Path | None
    browser_headless: bool
    browser_flags: tuple[str, ...]
    browser_patience_seconds: float
    heartbeat_silence_seconds: float
    cancel_grace_seconds: float
    webhook_allow_hosts: tuple[HostPort, ...]
    webhook_allow_http: bool
    webhook_secrets: tuple[str, ...] = field(repr=False)
    pace_exit_seconds: float
    pace_exit_burst: int
    pace_identity_detail: Allowance
    pace_identity_profile: Allowance
    pace_identity_comments: Allowance
    pace_identity_lists: Allowance
    media: bool
    media_dir: Path
    media_path: str
    media_store: str
    media_keep_local: bool
    media_concurrency: int
    media_codecs: tuple[str, ...]
    media_max_resolution: int | None
    media_min_free_mb: int
    drive_credentials: Path | None
    drive_subject: str
    drive_share: tuple[str, ...]
    drive_chunk_mb: int
    drive_units_per_minute: int
    drive_base_url: str
    port: int
    api_bind_address: str
    api_workers: int
    api_threads: int
    auth_required: bool
    api_keys: tuple[str, ...] = field(repr=False)
    cors_origins: tuple[str, ...]
    live_port: int
    live_secret: str = field(repr=False)
    live_most: int
    live_deadline_seconds: float
    live_memory_mb: int
    trusted_proxies: int
    rate_limits: bool
    rate_limit_address: tuple[Limit, ...]
    rate_limit_tokens: tuple[Limit, ...]
    rate_limit_requests_per_minute: int
    rate_limit_burst: int
    rate_limit_per_minute: int
    rate_limit_live: Mapping[str, int]
    rate_limit_plans: Mapping[str, int]
    rate_limit_refresh: Mapping[str, int]
    rate_limit_profiles: tuple[Limit, ...]
    debug: bool
    api_streams: int
    api_streams_per_client: int

    def make_data_dir(self) -> Path:
        """Create `DATA_DIR` when it is missing and make sure that we may write there."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            writable = os.access(self.data_dir, os.W_OK | os.X_OK)
        except OSError as error:
            raise _unwritable(self.data_dir, error.strerror or str(error)) from error
        if not writable:
            raise _unwritable(self.data_dir, "Permission denied")
        return self.data_dir


def load_config(env_file: Path = ENV_FILE) -> Config:
    """Read the environment; raise `ConfigError` for a value that can't be used."""
    env = Env()
    env.read_env(env_file, recurse=False)
    data_dir = Path(_read(env, "DATA_DIR", "./data")).expanduser().absolute()
    site = _base_url(env, "TIKTOK_BASE_URL", SITE)
    # A stand-in has the shop, too: who points at it alone must not reach TikTok's.
    shop = _base_url(env, "TIKTOK_SHOP_BASE_URL", site if _is_loopback(site) else SHOP_SITE)
    return Config(
        data_dir=data_dir,
        database_url=_database_url(_read(env, "DATABASE_URL", _sqlite_url(data_dir))),
        tiktok_base_url=site,
        tiktok_shop_base_url=shop,
        shop_region=_region(env, "SHOP_REGION", "US"),
        shop_curated=_switch(env, "SHOP_CURATED", default=False),
        database_patience_seconds=_seconds(env, "DATABASE_PATIENCE_SECONDS", "600"),
        polite_pace=_switch(env, "POLITE_PACE", default=not (_is_loopback(site) and _is_loopback(shop))),
        user_agent=_read(env, "USER_AGENT", CHROME_ON_WINDOWS),
        tls_profile=_read(env, "TLS_PROFILE", ""),
        log_level=_log_level(env, "LOG_LEVEL", "WARNING" if sys.stderr.isatty() else "INFO"),
        scrapyd_urls=_scrapyd_urls(env, "SCRAPYD_URLS"),
        scrapyd_port=_port(env, "SCRAPYD_PORT", "6800"),
        scrapyd_username=_read(env, "SCRAPYD_USERNAME", ""),
        scrapyd_password=_read(env, "SCRAPYD_PASSWORD", ""),
        scrapyd_max_proc=_count(env, "SCRAPYD_MAX_PROC", "0"),
        heartbeat_seconds=_interval(env, "HEARTBEAT_SECONDS", "5"),
        bulk_batch_size=_count(env, "BULK_BATCH_SIZE", "10", least=1),
        bulk_batch_seconds=_seconds(env, "BULK_BATCH_SECONDS", "1"),
        bulk_max_usernames=_count(env, "BULK_MAX_USERNAMES", "1000000", least=1),
        profile_cache_seconds=_seconds(env, "PROFILE_CACHE_SECONDS", "3600"),
        standin_port=_port(env, "STANDIN_PORT", "8090"),
        secret_keys=_words(env, "SECRET_KEYS"),
        ms_tokens=_words(env, "MS_TOKENS"),
        enable_proxy=_enable_proxy(env),
        require_proxy=_switch(env, "REQUIRE_PROXY", default=True),
        proxy_list=_file(env, "PROXY_LIST"),
        webshare_api_key=_read(env, "WEBSHARE_API_KEY", ""),
        proxy_algorithm=_choice(env, "PROXY_ALGORITHM", ("round-robin", "random", "first")),
        redis_url=_redis_url(env, "REDIS_URL"),
        cache_mb=_number(env, "CACHE_MB", "256", least=1),
        cache_product_seconds=_seconds(env, "CACHE_PRODUCT_SECONDS", "21600"),
        cache_trending_seconds=_seconds(env, "CACHE_TRENDING_SECONDS", "1800"),
        cache_search_seconds=_seconds(env, "CACHE_SEARCH_SECONDS", "900"),
        cache_category_seconds=_seconds(env, "CACHE_CATEGORY_SECONDS", "3600"),
        cache_live_seconds=_seconds(env, "CACHE_LIVE_SECONDS", "300"),
        trending_interval=_schedule_seconds(env, "TRENDING_INTERVAL", "1800"),
        scrape_interval=_schedule_seconds(env, "SCRAPE_INTERVAL", "3600"),
        categories_to_scrape=_words(env, "CATEGORIES_TO_SCRAPE"),
        request_log_mb=_megabytes(env, "REQUEST_LOG_MB", "100"),
        routes_off=_routes(env, "ROUTES_OFF"),
        browser_path=_browser(env, "BROWSER_PATH"),
        playwright_browsers_path=_file(env, "PLAYWRIGHT_BROWSERS_PATH"),
        browser_headless=_switch(env, "BROWSER_HEADLESS", default=True),
        browser_flags=_words(env, "BROWSER_FLAGS"),
        browser_patience_seconds=_interval(env, "BROWSER_PATIENCE_SECONDS", "25"),
        heartbeat_silence_seconds=_seconds(env, "HEARTBEAT_SILENCE_SECONDS", "30"),
        cancel_grace_seconds=_seconds(env, "CANCEL_GRACE_SECONDS", "30"),
        webhook_allow_hosts=_hosts_with_ports(env, "WEBHOOK_ALLOW_HOSTS"),
        webhook_allow_http=_switch(env, "WEBHOOK_ALLOW_HTTP", default=False),
        webhook_secrets=_webhook_secrets(env, "WEBHOOK_SECRETS"),
        pace_exit_seconds=_interval(env, "PACE_EXIT_SECONDS", "2.5"),
        pace_exit_burst=_burst("PACE_EXIT_BURST", _read(env, "PACE_EXIT_BURST", "1")),
        pace_identity_detail=_allowance(env, "PACE_IDENTITY_DETAIL", "5:0.30"),
        pace_identity_profile=_allowance(env, "PACE_IDENTITY_PROFILE", "4:0.20"),
        pace_identity_comments=_allowance(env, "PACE_IDENTITY_COMMENTS", "3:0.15"),
        pace_identity_lists=_allowance(env, "PACE_IDENTITY_LISTS", "3:0.12"),
        media=_switch(env, "MEDIA", default=False),
        media_dir=_file(env, "MEDIA_DIR") or data_dir / "media",
        media_path=_media_path(env, "MEDIA_PATH"),
        media_store=_media_store(env, "MEDIA_STORE"),
        media_keep_local=_switch(env, "MEDIA_KEEP_LOCAL", default=True),
        media_concurrency=_number(env, "MEDIA_CONCURRENCY", "8", least=1),
        media_codecs=_words(env, "MEDIA_CODECS"),
        media_max_resolution=_number(env, "MEDIA_MAX_RESOLUTION", "0", least=0) or None,
        media_min_free_mb=_number(env, "MEDIA_MIN_FREE_MB", "1024", least=0),
        drive_credentials=_file(env, "DRIVE_CREDENTIALS"),
        drive_subject=_read(env, "DRIVE_SUBJECT", ""),
        drive_share=_words(env, "DRIVE_SHARE"),
        drive_chunk_mb=_number(env, "DRIVE_CHUNK_MB", "8", least=1),
        drive_units_per_minute=_number(env, "DRIVE_UNITS_PER_MINUTE", "100000", least=1000),
        drive_base_url=_base_url(env, "DRIVE_BASE_URL", "https://www.googleapis.com"),
        port=_port(env, "PORT", "5000"),
        api_bind_address=_read(env, "API_BIND_ADDRESS", "127.0.0.1"),
        api_workers=_number(env, "API_WORKERS", "2", least=1),
        api_threads=_number(env, "API_THREADS", "8", least=1),
        auth_required=_switch(env, "AUTH_REQUIRED", default=True),
        api_keys=_api_keys(env, "API_KEYS"),
        cors_origins=_words(env, "CORS_ORIGINS"),
        live_port=_port(env, "LIVE_PORT", "6900"),
        live_secret=_live_secret(env, "LIVE_SECRET"),
        live_most=_number(env, "LIVE_MOST", "16", least=1),
        live_deadline_seconds=_interval(env, "LIVE_DEADLINE_SECONDS", "20"),
        live_memory_mb=_number(env, "LIVE_MEMORY_MB", "600", least=0),
        trusted_proxies=_number(env, "TRUSTED_PROXIES", "0", least=0),
        rate_limits=_switch(env, "RATE_LIMITS", default=True),
        rate_limit_address=_limits(env, "RATE_LIMIT_ADDRESS", "100/minute,1000/hour"),
        rate_limit_tokens=_limits(env, "RATE_LIMIT_TOKENS", "30/minute"),
        rate_limit_requests_per_minute=_number(env, "RATE_LIMIT_REQUESTS_PER_MINUTE", "10", least=1),
        rate_limit_burst=_number(env, "RATE_LIMIT_BURST", "20", least=1),
        rate_limit_per_minute=_number(env, "RATE_LIMIT_PER_MINUTE", "100", least=1),
        rate_limit_live=_numbers(env, "RATE_LIMIT_LIVE", LIVE_LIMITS, LIVE_GROUPS),
        rate_limit_plans=_numbers(env, "RATE_LIMIT_PLANS", "free:100,pro:1000", PLANS),
        rate_limit_refresh=_numbers(env, "RATE_LIMIT_REFRESH", "pro:5,enterprise:20", PLANS),
        rate_limit_profiles=_limits(env, "RATE_LIMIT_PROFILES", "1000/hour"),
        debug=_switch(env, "DEBUG", default=False),
        api_streams=_number(env, "API_STREAMS", "500", least=0),
        api_streams_per_client=_number(env, "API_STREAMS_PER_CLIENT", "50", least=0),
    )


def _read(env: Env, name: str, default: str) -> str:
    """An empty value is a missing one: it is what `NAME=` in `.env` and compose files means."""
    return env.str(name, default).strip() or default


def _sqlite_url(data_dir: Path) -> str:
    return str(URL.create("sqlite", database=str(data_dir / DATABASE_FILE)))


def _database_url(value: str) -> str:
    try:
        make_url(value)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(
            "DATABASE_URL",
            "not a database URL",
            "use sqlite:////path/to/file.db or mysql+pymysql://user:password@host:3306/name",
        ) from error
    return value


def _base_url(env: Env, name: str, default: str) -> str:
    value = _read(env, name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError(name, f"{value!r} is not the address of a site", f"use one like {default}")
    return value


def _region(env: Env, name: str, default: str) -> str:
    value = _read(env, name, default)
    if not REGION.fullmatch(value.lower()):
        raise ConfigError(name, f"{value!r} is not a country of two letters", f"use one like {default}")
    return value.upper()


def _scrapyd_urls(env: Env, name: str) -> tuple[str, ...]:
    """Addresses of nodes, with credentials in them where they differ from ours."""
    urls = tuple(url.rstrip("/") for url in _words(env, name))
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            # The value itself may hold a password.
            raise ConfigError(name, "one of them is not the address of a node", "write http://host:6800,…")
    return urls


def _hosts_with_ports(env: Env, name: str) -> tuple[HostPort, ...]:
    try:
        return tuple(read_authority(word) for word in _words(env, name))
    except AddressRefused as error:
        raise ConfigError(name, f"one of them {error}", "write host:port,…") from error


def _webhook_secrets(env: Env, name: str) -> tuple[str, ...]:
    """What signs callbacks, the newest first."""
    secrets = _words(env, name)
    for secret in secrets:
        try:
            length = len(b64decode(secret.removeprefix("whsec_"), validate=True))
        except ValueError:
            length = 0
        if not 24 <= length <= 64:
            raise ConfigError(name, "one of them is no secret", "write whsec_ and 24 to 64 bytes in base64")
    return secrets


def _api_keys(env: Env, name: str) -> tuple[str, ...]:
    """Keys that open the API; short ones could be guessed."""
    keys = _words(env, name)
    if any(len(key) < SHORTEST_API_KEY for key in keys):
        problem = f"one of them is shorter than {SHORTEST_API_KEY} characters"
        raise ConfigError(name, problem, "make one with: openssl rand -hex 32")
    return keys


def _live_secret(env: Env, name: str) -> str:
    secret = _read(env, name, "")
    if secret and (len(secret) < SHORTEST_API_KEY or not secret.isascii()):
        problem = f"is shorter than {SHORTEST_API_KEY} characters, or not plain ASCII"
        raise ConfigError(name, problem, "make one with: openssl rand -hex 32")
    return secret


def _port(env: Env, name: str, default: str) -> int:
    value = _read(env, name, default)
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65_536:
        raise ConfigError(name, f"{value!r} is not a port", f"use a number from 1 to 65535, like {default}")
    return int(value)


def _count(env: Env, name: str, default: str, least: int = 0) -> int:
    value = _read(env, name, default)
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise ConfigError(name, f"{value!r} is not a number from {least}", f"use one like {default}")
    return int(value)


def _switch(env: Env, name: str, *, default: bool) -> bool:
    value = _read(env, name, str(default)).lower()
    if value in ("true", "1", "yes", "on"):
        return True
    if value in ("false", "0", "no", "off"):
        return False
    raise ConfigError(name, f"{value!r} is neither true nor false", "write true or false")


def _seconds(env: Env, name: str, default: str) -> float:
    value = _read(env, name, default)
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ConfigError(name, f"{value!r} is not a number of seconds", f"write a number like {default}")
    return seconds


def _interval(env: Env, name: str, default: str) -> float:
    seconds = _seconds(env, name, default)
    if seconds == 0:
        raise ConfigError(name, "0 would be no pace at all", f"write a number like {default}")
    return seconds


def _number(env: Env, name: str, default: str, *, least: int) -> int:
    value = _read(env, name, default)
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise ConfigError(name, f"{value!r} is not a whole number", f"write {least} or more, like {default}")
    return int(value)


def _schedule_seconds(env: Env, name: str, default: str) -> int:
    """An interval that a schedule may have, or 0 for none."""
    seconds = _number(env, name, default, least=0)
    if seconds and (seconds < 300 or seconds % 60):
        raise ConfigError(
            name, f"{seconds} s is no interval", f"write whole minutes from 300, like {default}"
        )
    return seconds


def _burst(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise ConfigError(name, f"{value!r} is not a number of requests", "write 1 or more")
    return int(value)


def _megabytes(env: Env, name: str, default: str) -> int:
    value = _read(env, name, default)
    if not value.isascii() or not value.isdigit():
        raise ConfigError(
            name, f"{value!r} is not a whole number of megabytes", f"write {default}, or 0 for none"
        )
    return int(value)


def _allowance(env: Env, name: str, default: str) -> Allowance:
    burst, _, per_second = _read(env, name, default).partition(":")
    try:
        rate = float(per_second)
    except ValueError:
        rate = math.nan
    if not 0 < rate < math.inf:
        raise ConfigError(
            name, f"{per_second!r} is not a number of requests per second", f"write both, like {default}"
        )
    return Allowance(_burst(name, burst), rate)


def _redis_url(env: Env, name: str) -> str:
    value = _read(env, name, "")
    parts = urlsplit(value)
    is_server = parts.scheme in ("redis", "rediss") and parts.hostname
    if value and not is_server and not (parts.scheme == "unix" and parts.path):
        # The value itself may hold a password.
        raise ConfigError(name, "not the address of a Redis", "use redis://user:password@host:6379/0")
    return value


def _log_level(env: Env, name: str, default: str) -> str:
    value = _read(env, name, default).upper()
    if value not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise ConfigError(name, f"{value!r} is not a level", "use DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return value


def _words(env: Env, name: str) -> tuple[str, ...]:
    words = (word.strip() for word in _read(env, name, "").split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def _limits(env: Env, name: str, default: str) -> tuple[Limit, ...]:
    return read_limits(name, [word.strip() for word in _read(env, name, default).split(",")])


def _numbers(env: Env, name: str, default: str, known: Collection[str]) -> Mapping[str, int]:
    return read_numbers(name, [word.strip() for word in _read(env, name, default).split(",")], known)


def _routes(env: Env, name: str) -> tuple[str, ...]:
    words = _words(env, name)
    unknown = [word for word in words if word not in list(Route)]
    if unknown:
        raise ConfigError(name, f"{unknown[0]!r} is not a route", f"use some of {', '.join(Route)}")
    return words


def _file(env: Env, name: str) -> Path | None:
    value = _read(env, name, "")
    return Path(value).expanduser().absolute() if value else None


def _browser(env: Env, name: str) -> str:
    """The path of a program, nothing, or `none`."""
    value = _read(env, name, "")
    if not value or value.lower() == "none":
        return value.lower()
    path = Path(value).expanduser().absolute()
    if not path.is_file() or not os.access(path, os.X_OK):
        raise ConfigError(name, f"{path} is not a program", "give the path of Chromium or Chrome, or none")
    return str(path)


def _choice(env: Env, name: str, choices: tuple[str, ...]) -> str:
    """One of the choices; the first is the default."""
    value = _read(env, name, choices[0]).lower()
    if value not in choices:
        raise ConfigError(name, f"{value!r} is not one of them", f"use {', '.join(choices)}")
    return value


def _enable_proxy(env: Env) -> bool:
    enabled = _switch(env, "ENABLE_PROXY", default=False)
    if enabled and not _read(env, "PROXY_LIST", "") and not _read(env, "WEBSHARE_API_KEY", ""):
        raise ConfigError("ENABLE_PROXY", "no proxies are named", "set PROXY_LIST or WEBSHARE_API_KEY")
    return enabled


def _media_path(env: Env, name: str) -> str:
    try:
        return check_template(_read(env, name, DEFAULT_TEMPLATE))
    except InvalidTemplate as error:
        raise ConfigError(name, str(error), f"write one like {DEFAULT_TEMPLATE}") from None


def _media_store(env: Env, name: str) -> str:
    """Nothing, a folder, or a store that `store.media.opening` knows."""
    value = _read(env, name, "")
    parts = urlsplit(value)
    is_folder = parts.scheme == "file" and parts.path and not parts.netloc
    is_drive = parts.scheme == "drive" and parts.netloc and not parts.path.strip("/")
    if value and not is_folder and not is_drive:
        raise ConfigError(name, f"{value!r} is no store", "use file:///path/of/a/folder or drive://FOLDER_ID")
    return value


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unwritable(path: Path, problem: str) -> ConfigError:
    return ConfigError(
        "DATA_DIR", f"can't write to {path} ({problem})", "point it at a directory you may write to"
    )
