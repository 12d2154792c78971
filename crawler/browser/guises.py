"""Who a browser is to the site: the identity's User-Agent, language, time zone and proxy, as the request names them."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.async_api import Page
from scrapy import Request
from scrapy.settings import BaseSettings

from crawler.browser.cookie_headers import read_cookies
from store.identities import Identity

_CHROME = re.compile(r" Chrome/(?P<all>(?P<major>[0-9]+)[0-9.]*)")
_PLATFORMS = {
    "Windows": ("Windows", "Win32", "15.0.0"),
    "Macintosh": ("macOS", "MacIntel", "14.5.0"),
    "Linux": ("Linux", "Linux x86_64", "6.1.0"),
}
"""A word of the User-Agent; the platform as the header names it, as JavaScript does, and its version."""

VIEWPORT = {"width": 1440, "height": 900}


def identity_of(request: Request) -> Identity | None:
    """The identity that asks."""
    identity: Identity | None = request.meta.get("identity") or request.meta.get("visiting")
    return identity


def context_options(request: Request, settings: BaseSettings) -> dict[str, Any]:
    """Say how a context for this request's identity is made."""
    identity = identity_of(request)
    options: dict[str, Any] = {
        "user_agent": header_of(request, "User-Agent"),
        "locale": header_of(request, "Accept-Language").partition(",")[0] or "en-US",
        "viewport": VIEWPORT,
        "service_workers": "block",  # what they fetch would pass us by
        "ignore_https_errors": not settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"),
    }
    if identity:
        options["timezone_id"] = identity.device.timezone
    if request.meta.get("proxy"):
        options["proxy"] = proxy_options(request.meta["proxy"], header_of(request, "Proxy-Authorization"))
    return options


async def dress(page: Page, request: Request) -> None:
    """Make a page look like the identity to whoever asks it, and give it the identity's cookies."""
    cookies = read_cookies(request.url, header_of(request, "Cookie"))
    if cookies:
        await page.context.add_cookies(cookies)
    look = appearance(header_of(request, "User-Agent"))
    if look:
        session = await page.context.new_cdp_session(page)  # what it says holds until the page is closed
        await session.send("Emulation.setUserAgentOverride", look)


def appearance(user_agent: str) -> dict[str, Any] | None:
    """What Chromium must say besides a User-Agent so that all of it agrees; `None` where it is no Chrome's.

    Playwright changes the header and leaves the brands in `sec-ch-ua`, and JavaScript's platform, as they are.
    """
    version = _CHROME.search(user_agent)
    if version is None:
        return None
    name, javascript_name, platform_version = next(
        (names for word, names in _PLATFORMS.items() if word in user_agent), _PLATFORMS["Linux"]
    )
    return {
        "userAgent": user_agent,
        "platform": javascript_name,
        "userAgentMetadata": {
            "brands": _brands("8", version["major"]),
            "fullVersionList": _brands("8.0.0.0", version["all"]),
            "platform": name,
            "platformVersion": platform_version,
            "architecture": "x86",
            "bitness": "64",
            "model": "",
            "mobile": False,
        },
    }


def _brands(grease: str, version: str) -> list[dict[str, str]]:
    # Chrome names a brand that does not exist, too, so that nobody relies on the list.
    return [
        {"brand": "Not:A-Brand", "version": grease},
        {"brand": "Chromium", "version": version},
        {"brand": "Google Chrome", "version": version},
    ]


def proxy_options(url: str, authorization: str = "") -> dict[str, str]:
    """Write a proxy's URL as Playwright wants it; Scrapy keeps user and password in a header beside it."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    # Chromium knows no socks5h: its socks5 always leaves names to the proxy.
    scheme = "socks5" if parts.scheme == "socks5h" else parts.scheme
    server = f"{scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    # A site on this machine is asked through the proxy, too.
    options = {"server": server, "bypass": "<-loopback>"}
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if authorization.startswith("Basic "):
        user, _, password = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
    return options | {"username": user, "password": password} if user else options


def header_of(request: Request, name: str) -> str:
    """Read a header as text; empty when there is none."""
    value = request.headers.get(name)
    return value.decode("latin-1") if value else ""
