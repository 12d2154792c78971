"""Which web sites' scripts may ask us from within a browser."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, Response, request

METHODS = "GET, POST, PUT, PATCH, DELETE"
HEADERS = "Authorization, Content-Type, Idempotency-Key, If-None-Match, X-API-Key, X-Request-ID"
SHOWN = "ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-ID"
DAY_SECONDS = 86_400


def allow_origins(app: Flask, origins: Collection[str]) -> None:
    """Let scripts of these sites ask; `*` lets all. Credentials travel in headers only, never in cookies."""
    if not origins:
        return

    @app.before_request
    def answer_preflight() -> Response | None:
        wanted = request.headers.get("Access-Control-Request-Method")
        return Response(status=204) if request.method == "OPTIONS" and wanted else None

    @app.after_request
    def add(response: Response) -> Response:
        origin = request.headers.get("Origin", "")
        response.vary.add("Origin")
        if origin and (origin in origins or "*" in origins):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Methods"] = METHODS
            response.headers["Access-Control-Allow-Headers"] = HEADERS
            response.headers["Access-Control-Expose-Headers"] = SHOWN
            response.headers["Access-Control-Max-Age"] = str(DAY_SECONDS)
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
