"""A number for each request, and a line of JSON in the log: what was asked, by whom, how it ended.

Only path and status, no query, header or body: these may hold what is nobody's business.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

import orjson
from flask import Flask, Response, g, request

logger = logging.getLogger("webapi.requests")

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")


class JsonFormatter(logging.Formatter):
    """One line of JSON per record; what is in `record.fields` joins it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def write_logs_as_json(level: str) -> None:
    """Send all logs of this process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def log_requests(app: Flask) -> None:
    """Number and log an application's requests."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _GIVEN.fullmatch(given) else uuid4().hex
        g.begun = time.monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[HEADER] = g.get("request_id", "")
        if not logger.isEnabledFor(logging.INFO):
            return response
        client = g.get("client")
        fields = {
            "request_id": g.get("request_id"),
            "client": client.id if client else None,
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "milliseconds": round(1000 * (time.monotonic() - g.begun), 1) if "begun" in g else None,
        }
        logger.info("request", extra={"fields": fields})
        return response
