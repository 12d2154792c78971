"""One of everything that belongs to a client, made through the API; and a good body for every endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from tests.webapi.conftest import Tenant

PROFILE = "https://www.tiktok.com/@khaby.lame"
CALLBACK = "https://8.8.8.8/hook"
COOKIES = [{"name": "sessionid", "value": "0123456789abcdef0123456789abcdef", "domain": ".tiktok.com"}]

BODIES: dict[str, dict[str, Any]] = {
    "/api/jobs": {"url": PROFILE, "type": "user"},
    "/api/v1/jobs": {"mode": "profile", "value": "khaby.lame"},
    "/api/v1/scheduled-jobs": {
        "name": "daily", "mode": "profile", "value": "khaby.lame", "interval_minutes": 60,
    },
    "/api/tiktok/profiles": {
        "request": {"process": {"type": "callback", "callback": {"url": CALLBACK}}},
        "usernames": ["khaby.lame"],
    },
    "/api/v1/tiktok/sessions": {"account_name": "main", "cookies": COOKIES},
}  # fmt: skip
"""What makes something, by where."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """A client, and the addresses of what it has."""

    owner: Tenant
    addresses: dict[str, str]
    """Of each thing, by where it was made."""


def acquire(http: FlaskClient, owner: Tenant) -> Belongings:
    """Make one of everything."""
    made = {}
    for where, body in BODIES.items():
        answer = http.post(where, json=body, headers=owner.key)
        assert answer.status_code in (200, 201), f"{where}: {answer.text}"
        made[where] = answer.get_json()
    return Belongings(
        owner,
        {
            "/api/jobs": f"/api/jobs/{made['/api/jobs']['job_id']}",
            "/api/v1/jobs": f"/api/v1/jobs/{made['/api/v1/jobs']['id']}",
            "/api/v1/scheduled-jobs": f"/api/v1/scheduled-jobs/{made['/api/v1/scheduled-jobs']['id']}",
            "/api/tiktok/profiles": (
                f"/api/tiktok/profiles/{made['/api/tiktok/profiles']['data']['request_id']}/request"
            ),
            "/api/v1/tiktok/sessions": _first_session(http, owner),
        },
    )


def _first_session(http: FlaskClient, owner: Tenant) -> str:
    sessions = http.get("/api/v1/tiktok/sessions", headers=owner.key).get_json()["sessions"]
    return f"/api/v1/tiktok/sessions/{sessions[0]['id']}"
