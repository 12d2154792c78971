"""Headers that tell browsers to trust nothing: documents of ours need no script, frame or other site."""

from __future__ import annotations

from flask import Flask, Response, g

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; worker-src blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""For the documentation: its scripts style themselves, and ask only us."""


def add_security_headers(app: Flask) -> None:
    """Send them with every answer."""

    @app.after_request
    def add(response: Response) -> Response:
        is_page = response.mimetype == "text/html"
        response.headers["Content-Security-Policy"] = PAGES if is_page else NOTHING
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        # Other sites that may ask have been let in before.
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if "client" in g or response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
