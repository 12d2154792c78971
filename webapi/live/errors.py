"""This family's envelope, `{"error", "detail", "status_code"}`, and which status tells how a lookup ended."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields

from store.clients.errors import CredentialsRefused
from tiktok.verdicts import Verdict
from webapi.extensions.envelopes import Problem
from webapi.extensions.errors import answer_problem
from webapi.services.lookups import LookupRefused, Trouble

ERRORS: dict[str, tuple[int, str]] = {
    Verdict.NOT_FOUND: (404, "It does not exist"),
    Verdict.BANNED: (404, "The account is banned or does not exist"),
    Verdict.TAKEN_DOWN: (404, "TikTok has removed it"),
    Verdict.PRIVATE: (403, "It is private"),
    Verdict.AGE_GATED: (403, "It is for adults who are logged in"),
    Verdict.UNAVAILABLE: (403, "TikTok hides it"),
    Verdict.REGION_BLOCKED: (451, "It is not shown in the country we ask from"),
    Verdict.LOGIN_REQUIRED: (424, "TikTok shows it to accounts only"),
    Verdict.GATED: (424, "TikTok wants something that we do not have"),
    Verdict.WITHHELD: (424, "TikTok's answer holds nothing"),
    Verdict.NO_DATA: (424, "TikTok's answer lacks what was asked for"),
    Verdict.SCHEMA_CHANGED: (424, "TikTok's answer can't be read"),
    Verdict.CAPTCHA: (503, "TikTok wants a puzzle solved"),
    Verdict.WAF_CHALLENGE: (503, "TikTok's firewall wants a browser"),
    Verdict.BLOCKED: (503, "TikTok refuses us"),
    Verdict.RATE_LIMITED: (503, "TikTok asks us to wait"),
    Verdict.NETWORK: (503, "TikTok can't be reached"),
    Trouble.BUSY: (429, "As many lookups as may be are under way"),
    Trouble.TOO_SLOW: (504, "There was no answer in time"),
    Trouble.UNREACHABLE: (
        503,
        "The live service does not run; start it: bin/serve, or python -m crawler.live",
    ),
}
"""Outcome → status and message. 404 is only for what is gone. What may pass by itself is 503, what needs somebody to
do something is 424."""
RETRY_SECONDS = {424: 600, 429: 1, 503: 60, 504: 5}
"""When asking again makes sense, where nobody knows better."""
LOOKUP_ERRORS = (400, 401, 403, 404, 424, 451, 500, 503, 504)


class LiveErrorSchema(Schema):
    """What went wrong."""

    error = fields.String(required=True, metadata={"example": "TikTok asks us to wait"})
    detail = fields.String(required=True, metadata={"example": "HTTP 429, asked to wait 30 s"})
    status_code = fields.Integer(required=True, metadata={"example": 503})
    outcome = fields.String(
        metadata={"description": "How the lookup ended, for programs.", "example": "rate_limited"}
    )
    data = fields.Dict(
        metadata={"description": "What TikTok tells of it all the same: of a private account its profile."}
    )


def envelope(problem: Problem) -> dict[str, Any]:
    """Put a problem into this family's words."""
    summary = problem.message if problem.details else HTTPStatus(problem.status).phrase
    return {
        "error": summary,
        "detail": problem.details or problem.message,
        "status_code": problem.status,
        **problem.more,
    }


def not_looked_up(error: LookupRefused) -> Response:
    """Answer how a lookup ended that has nothing to show."""
    status, message = ERRORS.get(error.outcome, (503, "It could not be looked up"))
    seconds = error.retry_after_seconds
    more = {"outcome": str(error.outcome)} | ({} if error.data is None else {"data": error.data})
    problem = Problem(status=status, message=message, details=error.reason or message, more=more)
    return answer_problem(problem, RETRY_SECONDS.get(status) if seconds is None else seconds)


def not_let_in(error: CredentialsRefused) -> Response:
    """In this family a key that is wrong is 403; one that is missing, and tokens, are 401 as everywhere."""
    status = 403 if "X-API-Key" in request.headers and "Authorization" not in request.headers else 401
    return answer_problem(Problem(status=status, message=str(error)))
