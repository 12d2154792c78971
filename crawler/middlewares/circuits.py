"""Whether an endpoint (an operation by a route) answers anybody: counted here, asked by the dispatcher.

An endpoint that refuses everybody is left alone, so that it does not cost one identity after the other
(`store.circuits`).
"""

from __future__ import annotations

import time
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.configuration import config_of
from crawler.dispatch import endpoint_of
from crawler.errands import Errand
from crawler.spiders.base import AskingSpider
from store.circuits import Circuits, open_circuits
from tiktok.verdicts import REFUSALS, Judgement, Verdict

UNTOLD = frozenset({Verdict.NETWORK})
"""What did not get as far as the endpoint."""


class CircuitsMiddleware:
    """Stands before the route, which may ask the same endpoint again."""

    def __init__(self, crawler: Crawler, circuits: Circuits) -> None:
        self.crawler = crawler
        self.circuits = circuits

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler, open_circuits(config_of(crawler.settings)))
        crawler.signals.connect(middleware.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(middleware.spider_closed, signal=signals.spider_closed)
        return middleware

    def spider_opened(self) -> None:
        if isinstance(self.crawler.spider, AskingSpider):
            self.crawler.spider.dispatcher.circuits = self.circuits

    async def spider_closed(self) -> None:
        await self.circuits.close(time.time())

    async def process_response(self, request: Request, response: Response) -> Response:
        judgement: Judgement | None = request.meta.get("judgement")
        permit = request.meta.pop("permit", None)
        if judgement is None or permit is None or judgement.verdict in UNTOLD:
            return response
        errand: Errand = request.meta["errand"]
        assert errand.route
        await self.circuits.note(
            endpoint_of(errand.operation, errand.route),
            request.meta["identity_id"],
            judgement.verdict if judgement.verdict in REFUSALS else None,
            now=time.time(),
            permit=permit,
        )
        return response
