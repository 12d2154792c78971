"""Tells whoever asks again that nothing has changed: `ETag` on what is read, 304 without a body where it is known.

The tag is made of the answer itself. It could be had before the database is asked only from something that changes
with every row that a page shows; SQLite's `data_version` means one connection, and MariaDB has nothing like it.
"""

from __future__ import annotations

from hashlib import blake2b

from flask import Flask, Response, g, request

TAG_BYTES = 12
ASK_AGAIN = "private, no-cache"
"""Keep it, but ask whether it still holds."""


def tag_answers(app: Flask) -> None:
    """Tag what clients read."""

    @app.after_request
    def tag(response: Response) -> Response:
        if not _is_taggable(response):
            return response
        digest = blake2b(response.get_data(), digest_size=TAG_BYTES).hexdigest()
        # Weak: a proxy may compress it. Quoted as HTTP wants it.
        response.headers["ETag"] = f'W/"{digest}"'
        response.headers["Cache-Control"] = ASK_AGAIN
        response.vary.update(("Authorization", "X-API-Key"))
        if request.if_none_match.contains_weak(digest):
            response.status_code = 304
            response.set_data(b"")
            del response.headers["Content-Length"]
            del response.headers["Content-Type"]
        return response


def _is_taggable(response: Response) -> bool:
    """Whole documents for a client who is known, unless the endpoint has said something of its own about keeping."""
    return (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and response.mimetype == "application/json"
        and "client" in g
        and not response.is_streamed
        and "Cache-Control" not in response.headers
        and "ETag" not in response.headers
    )
