"""Who is let in: people, and service accounts that sign for themselves or for a person."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import google.auth.jwt
import httpx
import pytest
from google.auth.crypt import RSASigner

from tests.fixtures.drive import RunningDrive
from tests.standin.drive.conftest import FILES, FOLDER, UPLOAD

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/drive"


def granted(drive: RunningDrive, **claims: Any) -> httpx.Response:
    """Ask for a service account's token."""
    key, now = drive.key("service-account"), int(time.time())
    payload = {"iss": key["client_email"], "aud": "https://oauth2.googleapis.com/token", "scope": SCOPE,
               "iat": now, "exp": now + 3_600} | claims  # fmt: skip
    assertion = google.auth.jwt.encode(RSASigner.from_string(key["private_key"]), payload)  # type: ignore[no-untyped-call]
    return httpx.post(key["token_uri"], data={"grant_type": GRANT, "assertion": assertion.decode()})


def bearer(reply: httpx.Response) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {reply.json()['access_token']}"}


def test_a_service_account_owns_no_storage(drive: RunningDrive) -> None:
    me = bearer(granted(drive))
    shared = {
        "json": {"name": "x", "parents": [drive.add_shared_drive()]},
        "params": {"supportsAllDrives": "true"},
    }

    folder = httpx.post(drive.url + FILES, json={"name": "x", "mimeType": FOLDER}, headers=me)
    file = httpx.post(drive.url + UPLOAD, params={"uploadType": "media"}, content=b"x", headers=me)
    there = httpx.post(drive.url + FILES, headers=me, **shared)  # type: ignore[arg-type]

    assert folder.status_code == 200
    assert file.status_code == 403
    assert file.json()["error"]["errors"][0]["reason"] == "storageQuotaExceeded"
    assert file.json()["error"]["message"].startswith("Service Accounts do not have storage quota.")
    assert there.status_code == 200


def test_a_service_account_may_act_for_a_person(drive: RunningDrive) -> None:
    me = bearer(granted(drive, sub="somebody@example.com"))

    file = httpx.post(drive.url + UPLOAD, params={"uploadType": "media"}, content=b"x", headers=me)

    assert file.status_code == 200


@pytest.mark.parametrize(
    "claims",
    [{"aud": "https://example.org/token"}, {"exp": int(time.time()) + 9_999}, {"iss": "other@example.com"},
     {"scope": "https://mail.google.com/"}],
)  # fmt: skip
def test_a_bad_word_is_not_believed(drive: RunningDrive, claims: Mapping[str, Any]) -> None:
    reply = granted(drive, **claims)

    assert reply.status_code == 400
    assert reply.json()["error"] in {"invalid_grant", "invalid_scope"}


def test_consent_gives_a_code_for_one_refresh_token(drive: RunningDrive) -> None:
    client = drive.key("client")["installed"]
    back = {"redirect_uri": "http://localhost:1/", "state": "s"}

    sent = httpx.get(client["auth_uri"], params=back).headers["Location"]
    form = {"grant_type": "authorization_code", "code": httpx.URL(sent).params["code"]}
    first, second = (httpx.post(client["token_uri"], data=form) for _ in range(2))

    assert httpx.URL(sent).params["state"] == "s"
    assert first.json()["refresh_token"]
    assert second.json()["error"] == "invalid_grant"


def test_consent_can_be_taken_back(drive: RunningDrive) -> None:
    key = drive.key("user")
    drive.change(revoked=True)

    reply = httpx.post(
        key["token_uri"], data={"grant_type": "refresh_token", "refresh_token": key["refresh_token"]}
    )

    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_grant")


def test_tokens_last_an_hour(drive: RunningDrive) -> None:
    me = bearer(granted(drive))

    now = httpx.get(drive.url + FILES, headers=me)
    drive.change(clock_offset=3_601.0)
    later = httpx.get(drive.url + FILES, headers=me)

    assert (now.status_code, later.status_code) == (200, 401)
