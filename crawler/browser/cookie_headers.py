"""An identity's cookies, into a browser context and back.

To whoever made the request the browser is a client like any other: the `Cookie` header goes in, and what the
context holds afterwards comes out as `Set-Cookie` headers.
"""

from __future__ import annotations

from email.utils import formatdate
from urllib.parse import urlsplit

from playwright._impl._api_structures import SetCookieParam  # of the public add_cookies, and not exported
from playwright.async_api import Cookie
from scrapy.http.headers import Headers

SITE_DOMAIN = "tiktok.com"
"""TikTok sets its cookies for all of its hosts; any other site is a stand-in on a host of its own."""


def read_cookies(url: str, header: str) -> list[SetCookieParam]:
    """Read the cookies that a request for this address carries."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_tiktok = host == SITE_DOMAIN or host.endswith(f".{SITE_DOMAIN}")
    cookies: list[SetCookieParam] = []
    for pair in header.split(";"):
        name, equals, value = pair.strip().partition("=")
        if equals and name:
            cookie: SetCookieParam = {"name": name, "value": value, "path": "/"}
            cookie["domain"] = f".{SITE_DOMAIN}" if is_tiktok else host
            cookie["secure"] = is_tiktok and parts.scheme == "https"
            cookies.append(cookie)
    return cookies


def write_cookies(cookies: list[Cookie]) -> Headers:
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
        text += f"; Expires={formatdate(expires, usegmt=True)}"
    flags = (("secure", "Secure"), ("httpOnly", "HttpOnly"))
    return text + "".join(f"; {word}" for name, word in flags if cookie.get(name))
