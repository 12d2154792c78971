"""Signatures are those of Standard Webhooks, as its own library judges."""

from __future__ import annotations

import secrets
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from store.callbacks.signing import SigningKeys, sign, written
from store.config import load_config
from store.errors import ConfigError

BODY = '{"message": "Profiles processed 🎉"}'.encode()
OLD, NEW, NEWER = (secrets.token_bytes(32) for _ in range(3))


def headers_by(*keys: bytes, at: datetime | None = None) -> dict[str, str]:
    return sign(keys, "msg_1", at or datetime.now(UTC), [BODY[:5], BODY[5:]])


@pytest.mark.parametrize("known", [OLD, NEW], ids=["old", "new"])
def test_a_receiver_that_knows_either_secret_verifies_during_a_rotation(known: bytes) -> None:
    assert Webhook(written(known)).verify(BODY, headers_by(NEW, OLD))["message"] == "Profiles processed 🎉"


def test_anything_changed_on_the_way_is_noticed() -> None:
    headers = headers_by(NEW)
    webhook = Webhook(written(NEW))

    for changed in (
        {**headers, "webhook-id": "msg_2"},
        {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)},
        headers_by(OLD),
        headers_by(NEW, at=datetime.now(UTC) - timedelta(minutes=6)),
    ):
        with pytest.raises(WebhookVerificationError):
            webhook.verify(BODY, changed)
    with pytest.raises(WebhookVerificationError):
        webhook.verify(BODY + b" ", headers)


def test_every_client_has_secrets_of_its_own_and_only_the_newest_two_sign() -> None:
    keys = SigningKeys((NEWER, NEW, OLD))

    ours, theirs = keys.of("client-1"), keys.of("client-2")

    assert keys.of(None) == (NEWER, NEW)
    assert len({*ours, *theirs, NEWER, NEW}) == 6
    Webhook(written(ours[1])).verify(BODY, headers_by(*ours))
    with pytest.raises(WebhookVerificationError):
        Webhook(written(theirs[0])).verify(BODY, headers_by(*ours))


@pytest.fixture
def set_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return monkeypatch


def test_secrets_of_the_settings_are_used_as_they_stand(set_secrets: pytest.MonkeyPatch) -> None:
    set_secrets.setenv("WEBHOOK_SECRETS", f"{written(NEW)}, {b64encode(OLD).decode()}")

    assert SigningKeys.load(load_config()).secrets == (NEW, OLD)


def test_without_them_all_processes_of_one_installation_derive_the_same(
    set_secrets: pytest.MonkeyPatch,
) -> None:
    set_secrets.delenv("WEBHOOK_SECRETS", raising=False)

    first, again = SigningKeys.load(load_config()), SigningKeys.load(load_config())

    assert first == again
    assert [len(secret) for secret in first.secrets] == [32]
    assert written(first.secrets[0]) not in repr(first)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_dG9vIHNob3J0", "password", f"whsec_{'A' * 200}"])
def test_a_secret_that_is_none_is_refused_without_being_told(
    set_secrets: pytest.MonkeyPatch, secret: str
) -> None:
    set_secrets.setenv("WEBHOOK_SECRETS", secret)

    with pytest.raises(ConfigError, match="WEBHOOK_SECRETS: one of them is no secret") as refusal:
        load_config()

    assert secret.removeprefix("whsec_")[:8] not in str(refusal.value) or secret == "whsec_"
