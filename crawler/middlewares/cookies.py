"""Cookies of the identity that asks: sent with its requests, learned from its answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from store.identities import Identity
from tiktok.cookie_jars import cookie_header, read_set_cookie
from tiktok.cookies import DOMAIN, Cookie


class CookiesMiddleware:
    """Stands in for Scrapy's own, whose jars belong to a crawl and end with it.

    The hosts of `TIKTOK_BASE_URL` and `TIKTOK_SHOP_BASE_URL` count as TikTok's, whatever they are: against a
    stand-in an identity sends the cookies it has of TikTok, and what the stand-in sets takes their place.
    """

    def __init__(self, *sites: str) -> None:
        hosts = {urlsplit(site).hostname or "" for site in sites}
        self.stand_ins = {host for host in hosts if not f".{host}".endswith(DOMAIN)}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["TIKTOK_BASE_URL"], crawler.settings["TIKTOK_SHOP_BASE_URL"])

    def process_request(self, request: Request) -> None:
        identity = _asking(request)
        if identity is None:
            return
        header = cookie_header(identity.cookies, self._as_tiktok(request.url), datetime.now(UTC))
        if header:
            request.headers["Cookie"] = header

    def process_response(self, request: Request, response: Response) -> Response:
        identity = _asking(request)
        headers = response.headers.getlist("Set-Cookie")
        if identity is not None and headers:
            told = (self._read(header.decode("latin-1"), response.url) for header in headers)
            identity.learn_cookies([cookie for cookie in told if cookie])
            request.meta["identity_changed"] = True
        return response

    def _read(self, header: str, url: str) -> Cookie | None:
        cookie = read_set_cookie(header, url, datetime.now(UTC))
        return replace(cookie, domain=DOMAIN) if cookie and self._is_stand_in(url) else cookie

    def _as_tiktok(self, url: str) -> str:
        return f"https://www{DOMAIN}{urlsplit(url).path or '/'}" if self._is_stand_in(url) else url

    def _is_stand_in(self, url: str) -> bool:
        return urlsplit(url).hostname in self.stand_ins


def _asking(request: Request) -> Identity | None:
    """The identity of an errand's request, or of the visit that gives a new guest its cookies."""
    identity: Identity | None = request.meta.get("identity") or request.meta.get("visiting")
    return identity
