"""Webshare's proxies, through the package `proxyproviders`."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue

from proxyproviders import ProxyProvider, Webshare
from proxyproviders.models.proxy import Proxy as ProviderProxy

from store.errors import ProxiesUnavailable
from store.exits.proxies import Proxy

TIMEOUT_SECONDS = 60.0
"""For all pages of the list; the package itself would wait for ever."""


def webshare(api_key: str) -> ProxyProvider:
    """The provider of an account."""
    return Webshare(api_key=api_key)


def fetch_proxies(provider: ProxyProvider, timeout_seconds: float = TIMEOUT_SECONDS) -> list[Proxy]:
    """Ask the provider anew; raise `ProxiesUnavailable` when it does not tell, or names none."""
    answers: SimpleQueue[list[ProviderProxy] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(provider.list_proxies(force_refresh=True))
        except Exception as error:  # noqa: BLE001  # handed to the waiting thread
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="webshare").start()
    try:
        answer = answers.get(timeout=timeout_seconds)
    except Empty:
        raise ProxiesUnavailable(
            f"Webshare did not answer within {timeout_seconds:g} s; its proxies stay as they are known"
        ) from None
    if isinstance(answer, Exception):
        # Its own words may hold the answer's body, with the passwords in it.
        raise ProxiesUnavailable(
            f"Webshare's proxies can't be looked up ({type(answer).__name__}); check WEBSHARE_API_KEY"
        ) from None
    if not answer:
        # One empty answer must not retire everything that is bound to these proxies.
        raise ProxiesUnavailable("Webshare names no proxies; check the account")
    return [_proxy(found) for found in answer]


def _proxy(found: ProviderProxy) -> Proxy:
    return Proxy(
        scheme="http",
        host=found.proxy_address,
        port=found.port,
        username=found.username,
        password=found.password,
        country=found.country_code or None,
    )
