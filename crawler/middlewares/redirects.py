"""Redirects are followed, and the last of too many is judged like any other answer."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware as ScrapyRedirects
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response


class RedirectMiddleware(ScrapyRedirects):
    """Scrapy drops a request that goes round in circles; a target that was asked for must have an outcome."""

    def process_response(  # type: ignore[override]  # without the `spider` that Scrapy deprecates
        self, request: Request, response: Response
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except IgnoreRequest:
            return response
