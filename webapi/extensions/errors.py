"""Turns errors into statuses. Services raise plain errors; here alone it is decided what HTTP makes of them."""

from __future__ import annotations

import logging
import math
from itertools import islice
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from store.clients.errors import CredentialsRefused
from store.errors import (
    DatabaseBusy,
    DatabaseRefused,
    DatabaseUnreachable,
    ScheduleNotFound,
    ScheduleRefused,
    SchemaOutdated,
    StoreError,
)
from store.jobs.arguments import InvalidArgument
from store.jobs.errors import JobConflict, JobNotFound, JobRefused, KeyReused
from tiktok.errors import InvalidQuestion, InvalidTarget
from webapi import current
from webapi.extensions.envelopes import Problem, envelope_for
from webapi.services.errors import Failed, Forbidden, Missing, Refused, TooSlow, Unavailable, Unusable

logger = logging.getLogger(__name__)

STATUSES: dict[type[Exception], int] = {
    CredentialsRefused: 401,
    InvalidArgument: 400,
    InvalidQuestion: 400,
    InvalidTarget: 400,
    Unusable: 400,
    Forbidden: 403,
    JobNotFound: 404,
    Missing: 404,
    Refused: 409,
    ScheduleNotFound: 404,
    ScheduleRefused: 400,
    JobConflict: 409,
    JobRefused: 409,
    KeyReused: 409,
    Failed: 500,
    Unavailable: 503,
    TooSlow: 504,
}
"""Of errors that clients can read about; all others are a mistake of ours, or the database's."""
DATABASE = (DBAPIError, PoolTimeout, DatabaseBusy, DatabaseRefused, DatabaseUnreachable, SchemaOutdated)
MESSAGES: dict[int | None, str] = {
    404: "There is nothing at this address",
    413: "The body is too large",
}
"""Instead of what a browser's user would be told."""
MOST_FIELDS, LONGEST_NAME, LONGEST_MESSAGE = 20, 100, 500
"""What is wrong with a body may else be as long as the body."""
CHALLENGE = 'Bearer realm="tiktok-crawler"'


def handle_errors(app: Flask) -> None:
    """Answer every error of an application in the family's envelope."""
    app.register_error_handler(HTTPException, _of_http)
    for error in STATUSES:
        app.register_error_handler(error, _of_client)
    for error in (*DATABASE, StoreError):
        app.register_error_handler(error, _of_database)
    app.register_error_handler(Exception, _unexpected)


def _of_http(error: HTTPException) -> Response:
    given: dict[str, Any] = getattr(error, "data", None) or {}
    fields = _bounded(given.get("messages", {}))
    details = _flattened(fields) if fields else None
    message = (
        "The request can't be used"
        if details
        else MESSAGES.get(error.code) or error.description or error.name
    )
    response = answer_problem(
        Problem(status=error.code or 500, message=message, details=details, fields=fields)
    )
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _of_client(error: Exception) -> Response:
    seconds = error.retry_after_seconds if isinstance(error, Unavailable) else None
    return answer_problem(Problem(status=_status(error), message=str(error)), seconds)


def _of_database(error: Exception) -> Response:
    # The message names host and user of the database: for the log, not for clients.
    logger.error("%s", str(error).partition("\n")[0])
    message = "The database can't answer now; try again"
    return answer_problem(Problem(status=500, message=message, is_database=True, cause=_cause(error)))


def _unexpected(error: Exception) -> Response:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    message = "An unexpected error; its request id finds it in the log"
    return answer_problem(Problem(status=500, message=message, cause=_cause(error)))


def _cause(error: Exception) -> str | None:
    """What nobody is told but whoever works on this program."""
    return f"{type(error).__name__}: {error}" if current.config().debug else None


def answer_problem(problem: Problem, retry_after_seconds: float | None = None) -> Response:
    """Answer in the envelope of the family that was asked."""
    response = jsonify(envelope_for(request.path)(problem))
    response.status_code = problem.status
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = CHALLENGE
    if retry_after_seconds is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(retry_after_seconds)))
    return response


def _status(error: Exception) -> int:
    return next(status for kind, status in STATUSES.items() if isinstance(error, kind))


def _bounded(messages: Any) -> Any:
    """The first of marshmallow's messages, none of them longer than a person reads."""
    if isinstance(messages, dict):
        first = islice(messages.items(), MOST_FIELDS)
        return {
            name[:LONGEST_NAME] if isinstance(name, str) else name: _bounded(told) for name, told in first
        }
    if isinstance(messages, list):
        return [_bounded(told) for told in messages[:MOST_FIELDS]]
    return str(messages)[:LONGEST_MESSAGE]


def _flattened(messages: Any, path: str = "") -> str:
    """Marshmallow's tree of messages as one line: `options.max_videos: Must be …; url: …`."""
    if isinstance(messages, dict):
        # The topmost level says where the request held it: query, json.
        steps = ((f"{path}.{key}" if path else str(key)) for key in messages)
        parts = (
            _flattened(value, "" if not path and key in ("json", "query", "headers") else step)
            for (key, value), step in zip(messages.items(), steps, strict=True)
        )
        return "; ".join(parts)
    text = " ".join(map(str, messages)) if isinstance(messages, list) else str(messages)
    return f"{path}: {text}" if path else text
