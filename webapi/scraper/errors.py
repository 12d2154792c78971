"""This family's envelope: `{"error": {"code", "message", "details"}}`."""

from __future__ import annotations

from typing import Any

from webapi.extensions.envelopes import Problem

CODES = {
    400: "INVALID_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    415: "INVALID_REQUEST",
    429: "RATE_LIMITED",
}


def envelope(problem: Problem) -> dict[str, Any]:
    """Put a problem into this family's words."""
    code = CODES.get(problem.status, "INTERNAL_ERROR" if problem.status >= 500 else "INVALID_REQUEST")
    if problem.is_database:
        code = "DATABASE_ERROR"
    error = {"code": code, "message": problem.message}
    if problem.details:
        error["details"] = problem.details
    return {"error": error}
