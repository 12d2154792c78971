"""This family's envelope: `{"status": "error", "code", "message", "details"}`, beside the `success` of good answers."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from webapi.extensions.envelopes import Problem

CODES = {
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    429: "RATE_LIMIT",
    503: "UNAVAILABLE",
    504: "TIMEOUT",
}


class ProfilesErrorSchema(Schema):
    """What went wrong."""

    status = fields.String(required=True, metadata={"example": "error"})
    code = fields.String(required=True, metadata={"example": "VALIDATION_ERROR"})
    message = fields.String(required=True)
    details = fields.String(metadata={"description": "Which field, and what is wrong with it."})


def envelope(problem: Problem) -> dict[str, Any]:
    """Put a problem into this family's words."""
    code = CODES.get(problem.status, "INTERNAL_ERROR" if problem.status >= 500 else "VALIDATION_ERROR")
    error = {"status": "error", "code": code, "message": problem.message}
    if problem.details:
        error["details"] = problem.details
    return error
