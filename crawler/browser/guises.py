"""Who a browser context is: the request's User-Agent, language, proxy and cookies, and the cookies back.

To whoever made the request the browser is a client like any other: what a request carries goes in, and what the
site set comes out as `Set-Cookie`.
"""

from __future__ import annotations

from email.utils import formatdate
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright._impl._api_structures import SetCookieParam  # of the public add_cookies, and not exported
from playwright.async_api import Cookie
from scrapy import Request
from scrapy.http.headers import Headers
from scrapy.settings import BaseSettings

from store.identities import Identity

VIEWPORT = {"width": 1440, "height": 900}
SITE_DOMAIN = "tiktok.com"
"""TikTok sets its cookies for all of its hosts; any other site is a stand-in on a host of its own."""


def identity_of(request: Request) -> Identity | None:
    """The identity that asks."""
    identity: Identity | None = request.meta.get("identity") or request.meta.get("visiting")
    return identity


def context_options(request: Request, settings: BaseSettings) -> dict[str, Any]:
    """Say how a context for this request's identity is made."""
    identity = identity_of(request)
    options: dict[str, Any] = {
        "user_agent": _header(request, "User-Agent"),
        "locale": _header(request, "Accept-Language").partition(",")[0] or "en-US",
        "viewport": VIEWPORT,
        "service_workers": "block",  # what they fetch would pass us by
        "ignore_https_errors": not settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"),
    }
    if identity:
        options["timezone_id"] = identity.device.timezone
    if request.meta.get("proxy"):
        options["proxy"] = proxy_options(request.meta["proxy"])
    return options


def proxy_options(url: str) -> dict[str, str]:
    """Write a proxy's URL as Playwright wants it."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    # Chromium knows no socks5h: its socks5 always leaves names to the proxy.
    scheme = "socks5" if parts.scheme == "socks5h" else parts.scheme
    server = f"{scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    # A site on this machine is asked through the proxy, too.
    options = {"server": server, "bypass": "<-loopback>"}
    if parts.username:
        options |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    return options


def cookies_into(request: Request) -> list[SetCookieParam]:
    """Read the cookies that the request carries."""
    parts = urlsplit(request.url)
    host = parts.hostname or ""
    is_tiktok = host == SITE_DOMAIN or host.endswith(f".{SITE_DOMAIN}")
    cookies: list[SetCookieParam] = []
    for pair in _header(request, "Cookie").split(";"):
        name, equals, value = pair.strip().partition("=")
        if equals and name:
            cookie: SetCookieParam = {"name": name, "value": value, "path": "/"}
            cookie["domain"] = f".{SITE_DOMAIN}" if is_tiktok else host
            cookie["secure"] = is_tiktok and parts.scheme == "https"
            cookies.append(cookie)
    return cookies


def cookies_out(cookies: list[Cookie]) -> Headers:
    """Write the context's cookies as the headers that set them."""
    headers = Headers()
    for cookie in cookies:
        headers.appendlist("Set-Cookie", _set_cookie(cookie))
    return headers


def _set_cookie(cookie: Cookie) -> str:
    text = f"{cookie.get('name', '')}={cookie.get('value', '')}; Path={cookie.get('path', '/')}"
    domain = cookie.get("domain", "")
    if domain.startswith("."):
        text += f"; Domain={domain}"
    expires = cookie.get("expires", -1)
    if expires > 0:
        text += f"; Expires={_date(expires)}"
    flags = (("secure", "Secure"), ("httpOnly", "HttpOnly"))
    return text + "".join(f"; {word}" for name, word in flags if cookie.get(name))


def _date(epoch_seconds: float) -> str:
    return formatdate(epoch_seconds, usegmt=True)


def _header(request: Request, name: str) -> str:
    value = request.headers.get(name)
    return value.decode("latin-1") if value else ""
