"""Cookies of the identity that asks: sent with its requests, learned from its answers."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from store.identities import Identity
from tiktok.set_cookie import cookie_header, read_set_cookie


class CookiesMiddleware:
    """Stands in for Scrapy's own, whose jars belong to a crawl and end with it.

    All cookies count as TikTok's, whatever host sends them: the site may be a stand-in on another host.
    """

    def process_request(self, request: Request) -> None:
        identity = _asking(request)
        if identity is None:
            return
        header = cookie_header(identity.cookies, urlsplit(request.url).path or "/", datetime.now(UTC))
        if header:
            request.headers["Cookie"] = header

    def process_response(self, request: Request, response: Response) -> Response:
        identity = _asking(request)
        headers = response.headers.getlist("Set-Cookie")
        if identity is not None and headers:
            now = datetime.now(UTC)
            told = (read_set_cookie(header.decode("latin-1"), now) for header in headers)
            identity.learn_cookies([cookie for cookie in told if cookie])
            request.meta["identity_changed"] = True
        return response


def _asking(request: Request) -> Identity | None:
    """The identity of an errand's request, or of the visit that gives a new guest its cookies."""
    identity: Identity | None = request.meta.get("identity") or request.meta.get("visiting")
    return identity
