"""One cookie jar per crawl: what the site sets is sent back to it."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response
from scrapy.http.cookies import CookieJar


class CookiesMiddleware:
    """Stands in for Scrapy's own, which asks the internet for a list of domain suffixes before the first cookie."""

    def __init__(self) -> None:
        self.jar = CookieJar()

    def process_request(self, request: Request) -> None:
        if not request.meta.get("dont_merge_cookies"):
            self.jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        if not request.meta.get("dont_merge_cookies"):
            self.jar.extract_cookies(response, request)
        return response
