"""msToken: the newest the site sent is kept, one that was refused is dropped (facts C.2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from store.identities import Identity
from tiktok.verdicts import Judgement, Verdict

HEADER = "x-ms-token"


class TokensMiddleware:
    """The one in a cookie is learned with the cookies; this takes the header, and judges what became of it."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    def process_response(self, request: Request, response: Response) -> Response:
        identity: Identity | None = request.meta.get("identity")
        if identity is None:
            return response
        told = response.headers.get(HEADER)
        if told:
            identity.learn_token(told.decode("latin-1"), datetime.now(UTC))
            self._changed(request, "learned")
        elif _is_stale(request):
            identity.drop_token(datetime.now(UTC))
            self._changed(request, "dropped")
        return response

    def _changed(self, request: Request, what: str) -> None:
        request.meta["identity_changed"] = True
        self.stats.inc_value(f"ms_token/{what}")


def _is_stale(request: Request) -> bool:
    """An empty answer to a request that carried a token: absent is safe, stale is not."""
    judgement: Judgement | None = request.meta.get("judgement")
    is_empty = judgement is not None and judgement.verdict is Verdict.EMPTY
    return is_empty and "msToken=" in request.url
