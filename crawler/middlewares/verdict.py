"""Judge every answer once, on its way in, and count what was decided."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from crawler.callers import BrokenOff
from crawler.secrecy import without_tokens
from tiktok.replies import Reply
from tiktok.verdicts import judge


class VerdictMiddleware:
    """Puts `reply`, `judgement`, `received_at` and `took_seconds` into the request's `meta`.

    A request that got no answer at all becomes a `Response` with status 599, so that one path decides what
    follows a refusal, whether the site or the network refused.
    """

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    def process_request(self, request: Request) -> None:
        request.meta["sent_at"] = time.monotonic()

    def process_response(self, request: Request, response: Response) -> Response:
        if "errand" not in request.meta or request.meta.get("unanswered"):
            return response
        # A browser's answer is more than one body: its handler has gathered them.
        self._judge(request, request.meta.pop("harvest", None) or _reply(response))
        return response

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        if "errand" not in request.meta or isinstance(exception, BrokenOff):
            return None
        words = without_tokens(f"{type(exception).__name__}: {exception}")
        self._judge(request, Reply(url=request.url, error=words))
        request.meta["unanswered"] = True
        return Response(request.url, status=599, request=request)

    def _judge(self, request: Request, reply: Reply) -> None:
        errand = request.meta["errand"]
        now = time.monotonic()
        judgement = judge(reply, errand.operation)
        request.meta.update(
            reply=reply,
            judgement=judgement,
            received_at=datetime.now(UTC),
            took_seconds=now - request.meta.get("sent_at", now),
        )
        self.stats.inc_value("answers")
        self.stats.inc_value(f"verdict/{judgement.verdict}")
        self.stats.inc_value(f"route/{errand.route}/{judgement.verdict}")


def _headers(response: Response) -> dict[str, str]:
    """By lower-case names. Scrapy's own reader makes each name's capitals three times."""
    stored: dict[bytes, list[bytes]] = response.headers
    return {name.decode().lower(): b",".join(values).decode("latin-1") for name, values in dict.items(stored)}


def _reply(response: Response) -> Reply:
    return Reply(
        url=response.url,
        status=response.status,
        headers=_headers(response),
        body=response.body,
    )
