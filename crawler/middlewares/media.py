"""Files are asked for by the visitor who was shown their links, who is noted down when an answer comes (facts E.2)."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from crawler.media.access import Access
from store.identities import Identity


class MediaMiddleware:
    """Stands behind the cookies, so that the token of this very answer is known, and before the identity leaves."""

    def process_response(self, request: Request, response: Response) -> Response:
        identity: Identity | None = request.meta.get("identity")
        if identity is not None:
            request.meta["access"] = Access.of(identity, request)
        return response
