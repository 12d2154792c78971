"""All settings of the environment: read here and nowhere else, from the process and from `.env`.

Names, defaults and effects stand in `.env.example`. A variable of the process wins over one in `.env`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env
from sqlalchemy import URL

from store.environment import general, particular
from store.environment.particular import Allowance
from store.errors import ConfigError
from store.limits.limit import Limit
from store.outbound.destinations import HostPort
from tiktok.devices import CHROME_ON_WINDOWS
from tiktok.shop_targets import SHOP_SITE
from tiktok.targets import SITE

ENV_FILE = Path(".env")
DATABASE_FILE = "tiktok.db"
"""Name of the default SQLite file in `DATA_DIR`."""
LIVE_LIMITS = "trending:200,user:100,video:150,hashtag:100,search:50,sound:100,health:1000"
LIVE_GROUPS = tuple(word.partition(":")[0] for word in LIVE_LIMITS.split(","))
PLANS = ("free", "pro", "enterprise")


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
    data_dir = Path(general.read(env, "DATA_DIR", "./data")).expanduser().absolute()
    site = general.base_url(env, "TIKTOK_BASE_URL", SITE)
    # A stand-in has the shop, too: who points at it alone must not reach TikTok's.
    shop = general.base_url(env, "TIKTOK_SHOP_BASE_URL", site if _is_loopback(site) else SHOP_SITE)
    return Config(
        data_dir=data_dir,
        database_url=particular.database_url(general.read(env, "DATABASE_URL", _sqlite_url(data_dir))),
        tiktok_base_url=site,
        tiktok_shop_base_url=shop,
        shop_region=particular.region(env, "SHOP_REGION", "US"),
        shop_curated=general.switch(env, "SHOP_CURATED", default=False),
        database_patience_seconds=general.seconds(env, "DATABASE_PATIENCE_SECONDS", "600"),
        polite_pace=general.switch(
            env, "POLITE_PACE", default=not (_is_loopback(site) and _is_loopback(shop))
        ),
        user_agent=general.read(env, "USER_AGENT", CHROME_ON_WINDOWS),
        tls_profile=general.read(env, "TLS_PROFILE", ""),
        log_level=general.log_level(env, "LOG_LEVEL", "WARNING" if sys.stderr.isatty() else "INFO"),
        scrapyd_urls=particular.scrapyd_urls(env, "SCRAPYD_URLS"),
        scrapyd_port=general.port(env, "SCRAPYD_PORT", "6800"),
        scrapyd_username=general.read(env, "SCRAPYD_USERNAME", ""),
        scrapyd_password=general.read(env, "SCRAPYD_PASSWORD", ""),
        scrapyd_max_proc=general.number(env, "SCRAPYD_MAX_PROC", "0", least=0),
        heartbeat_seconds=general.interval(env, "HEARTBEAT_SECONDS", "5"),
        bulk_batch_size=general.number(env, "BULK_BATCH_SIZE", "10", least=1),
        bulk_batch_seconds=general.seconds(env, "BULK_BATCH_SECONDS", "1"),
        bulk_max_usernames=general.number(env, "BULK_MAX_USERNAMES", "1000000", least=1),
        profile_cache_seconds=general.seconds(env, "PROFILE_CACHE_SECONDS", "3600"),
        standin_port=general.port(env, "STANDIN_PORT", "8090"),
        secret_keys=general.words(env, "SECRET_KEYS"),
        ms_tokens=general.words(env, "MS_TOKENS"),
        enable_proxy=particular.enable_proxy(env, "ENABLE_PROXY"),
        require_proxy=general.switch(env, "REQUIRE_PROXY", default=True),
        proxy_list=general.file(env, "PROXY_LIST"),
        webshare_api_key=general.read(env, "WEBSHARE_API_KEY", ""),
        proxy_algorithm=general.choice(env, "PROXY_ALGORITHM", ("round-robin", "random", "first")),
        redis_url=particular.redis_url(env, "REDIS_URL"),
        cache_mb=general.number(env, "CACHE_MB", "256", least=1),
        cache_product_seconds=general.seconds(env, "CACHE_PRODUCT_SECONDS", "21600"),
        cache_trending_seconds=general.seconds(env, "CACHE_TRENDING_SECONDS", "1800"),
        cache_search_seconds=general.seconds(env, "CACHE_SEARCH_SECONDS", "900"),
        cache_category_seconds=general.seconds(env, "CACHE_CATEGORY_SECONDS", "3600"),
        cache_live_seconds=general.seconds(env, "CACHE_LIVE_SECONDS", "300"),
        trending_interval=particular.schedule_seconds(env, "TRENDING_INTERVAL", "1800"),
        scrape_interval=particular.schedule_seconds(env, "SCRAPE_INTERVAL", "3600"),
        categories_to_scrape=general.words(env, "CATEGORIES_TO_SCRAPE"),
        request_log_mb=general.number(env, "REQUEST_LOG_MB", "100", least=0),
        routes_off=particular.routes(env, "ROUTES_OFF"),
        browser_path=particular.browser(env, "BROWSER_PATH"),
        playwright_browsers_path=general.file(env, "PLAYWRIGHT_BROWSERS_PATH"),
        browser_headless=general.switch(env, "BROWSER_HEADLESS", default=True),
        browser_flags=general.words(env, "BROWSER_FLAGS"),
        browser_patience_seconds=general.interval(env, "BROWSER_PATIENCE_SECONDS", "25"),
        heartbeat_silence_seconds=general.seconds(env, "HEARTBEAT_SILENCE_SECONDS", "30"),
        cancel_grace_seconds=general.seconds(env, "CANCEL_GRACE_SECONDS", "30"),
        webhook_allow_hosts=particular.hosts_with_ports(env, "WEBHOOK_ALLOW_HOSTS"),
        webhook_allow_http=general.switch(env, "WEBHOOK_ALLOW_HTTP", default=False),
        webhook_secrets=particular.webhook_secrets(env, "WEBHOOK_SECRETS"),
        pace_exit_seconds=general.interval(env, "PACE_EXIT_SECONDS", "2.5"),
        pace_exit_burst=particular.burst("PACE_EXIT_BURST", general.read(env, "PACE_EXIT_BURST", "1")),
        pace_identity_detail=particular.allowance(env, "PACE_IDENTITY_DETAIL", "5:0.30"),
        pace_identity_profile=particular.allowance(env, "PACE_IDENTITY_PROFILE", "4:0.20"),
        pace_identity_comments=particular.allowance(env, "PACE_IDENTITY_COMMENTS", "3:0.15"),
        pace_identity_lists=particular.allowance(env, "PACE_IDENTITY_LISTS", "3:0.12"),
        media=general.switch(env, "MEDIA", default=False),
        media_dir=general.file(env, "MEDIA_DIR") or data_dir / "media",
        media_path=particular.media_path(env, "MEDIA_PATH"),
        media_store=particular.media_store(env, "MEDIA_STORE"),
        media_keep_local=general.switch(env, "MEDIA_KEEP_LOCAL", default=True),
        media_concurrency=general.number(env, "MEDIA_CONCURRENCY", "8", least=1),
        media_codecs=general.words(env, "MEDIA_CODECS"),
        media_max_resolution=general.number(env, "MEDIA_MAX_RESOLUTION", "0", least=0) or None,
        media_min_free_mb=general.number(env, "MEDIA_MIN_FREE_MB", "1024", least=0),
        drive_credentials=general.file(env, "DRIVE_CREDENTIALS"),
        drive_subject=general.read(env, "DRIVE_SUBJECT", ""),
        drive_share=general.words(env, "DRIVE_SHARE"),
        drive_chunk_mb=general.number(env, "DRIVE_CHUNK_MB", "8", least=1),
        drive_units_per_minute=general.number(env, "DRIVE_UNITS_PER_MINUTE", "100000", least=1000),
        drive_base_url=general.base_url(env, "DRIVE_BASE_URL", "https://www.googleapis.com"),
        port=general.port(env, "PORT", "5000"),
        api_bind_address=general.read(env, "API_BIND_ADDRESS", "127.0.0.1"),
        api_workers=general.number(env, "API_WORKERS", "2", least=1),
        api_threads=general.number(env, "API_THREADS", "8", least=1),
        auth_required=general.switch(env, "AUTH_REQUIRED", default=True),
        api_keys=particular.api_keys(env, "API_KEYS"),
        cors_origins=general.words(env, "CORS_ORIGINS"),
        live_port=general.port(env, "LIVE_PORT", "6900"),
        live_secret=particular.live_secret(env, "LIVE_SECRET"),
        live_most=general.number(env, "LIVE_MOST", "16", least=1),
        live_deadline_seconds=general.interval(env, "LIVE_DEADLINE_SECONDS", "20"),
        live_memory_mb=general.number(env, "LIVE_MEMORY_MB", "600", least=0),
        trusted_proxies=general.number(env, "TRUSTED_PROXIES", "0", least=0),
        rate_limits=general.switch(env, "RATE_LIMITS", default=True),
        rate_limit_address=particular.limits(env, "RATE_LIMIT_ADDRESS", "100/minute,1000/hour"),
        rate_limit_tokens=particular.limits(env, "RATE_LIMIT_TOKENS", "30/minute"),
        rate_limit_requests_per_minute=general.number(env, "RATE_LIMIT_REQUESTS_PER_MINUTE", "10", least=1),
        rate_limit_burst=general.number(env, "RATE_LIMIT_BURST", "20", least=1),
        rate_limit_per_minute=general.number(env, "RATE_LIMIT_PER_MINUTE", "100", least=1),
        rate_limit_live=particular.numbers(env, "RATE_LIMIT_LIVE", LIVE_LIMITS, LIVE_GROUPS),
        rate_limit_plans=particular.numbers(env, "RATE_LIMIT_PLANS", "free:100,pro:1000", PLANS),
        rate_limit_refresh=particular.numbers(env, "RATE_LIMIT_REFRESH", "pro:5,enterprise:20", PLANS),
        rate_limit_profiles=particular.limits(env, "RATE_LIMIT_PROFILES", "1000/hour"),
        debug=general.switch(env, "DEBUG", default=False),
        api_streams=general.number(env, "API_STREAMS", "500", least=0),
        api_streams_per_client=general.number(env, "API_STREAMS_PER_CLIENT", "50", least=0),
    )


def _sqlite_url(data_dir: Path) -> str:
    return str(URL.create("sqlite", database=str(data_dir / DATABASE_FILE)))


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
