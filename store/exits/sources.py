"""Where exits come from: this machine, a list in a file, Webshare; as the settings say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from store.config import Config
from store.exits.book import ExitBook
from store.exits.exit import DIRECT
from store.exits.proxies import read_proxy_list

if TYPE_CHECKING:
    from proxyproviders import ProxyProvider

LIST = "list"
WEBSHARE = "webshare"


def refresh_exits(
    book: ExitBook, config: Config, now: datetime, *, provider: ProxyProvider | None = None
) -> None:
    """Bring the table of exits up to date with the settings, the list and the provider.

    What can't be read now leaves its exits as they are, and is raised as `ProxiesUnavailable` or `ConfigError`
    once everything else is up to date.
    """
    book.ensure_direct(now)
    book.switch(DIRECT, is_on=not (config.enable_proxy and config.require_proxy))
    book.switch(LIST, is_on=config.enable_proxy and config.proxy_list is not None)
    book.switch(WEBSHARE, is_on=config.enable_proxy and bool(config.webshare_api_key))
    try:
        if config.enable_proxy and config.proxy_list:
            book.sync(LIST, read_proxy_list(config.proxy_list), now)
    finally:
        if config.enable_proxy and config.webshare_api_key:
            _sync_webshare(book, config, now, provider)


def _sync_webshare(book: ExitBook, config: Config, now: datetime, provider: ProxyProvider | None) -> None:
    # The package brings `requests` along, 0.2 s that most starts can do without.
    from store.exits.webshare import fetch_proxies, webshare  # noqa: PLC0415

    book.sync(WEBSHARE, fetch_proxies(provider or webshare(config.webshare_api_key)), now)
