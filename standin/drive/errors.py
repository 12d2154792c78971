"""Refusals as Google words them."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

_STATUSES: Mapping[str, int] = {
    "authError": 401,
    "notFound": 404,
    "fileIdInUse": 409,
    "rateLimitExceeded": 403,
    "userRateLimitExceeded": 403,
    "storageQuotaExceeded": 403,
    "insufficientFilePermissions": 403,
    "backendError": 503,
}
"""By reason, where it isn't 400."""


class DriveError(Exception):
    """A request that is refused."""

    def __init__(self, reason: str, message: str, *, location: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.location = location
        self.status = status or _STATUSES.get(reason, 400)

    def response(self, headers: Mapping[str, str] | None = None) -> web.Response:
        """Return the body every refusal has."""
        error = {"domain": "global", "reason": self.reason, "message": self.message}
        if self.location:
            error |= {"locationType": "parameter", "location": self.location}
        body = {"error": {"code": self.status, "message": self.message, "errors": [error]}}
        return web.json_response(body, status=self.status, headers=headers)


def not_found(file_id: str) -> DriveError:
    """Return the refusal for what isn't there, or isn't shown."""
    return DriveError("notFound", f"File not found: {file_id}.", location="fileId")


def invalid(parameter: str, message: str = "Invalid Value") -> DriveError:
    """Return the refusal of a parameter."""
    return DriveError("invalid", message, location=parameter)
