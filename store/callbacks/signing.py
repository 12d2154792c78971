"""Signs callbacks by the rules of Standard Webhooks, with two secrets while they change.

The operator's own jobs are signed with `WEBHOOK_SECRETS` themselves. Every client has secrets of its own, derived
from them: none can sign in another's name, and there is no table of secrets to keep or lose.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Self

from store.config import Config
from store.secrets import Keyring

PREFIX = "whsec_"
AT_ONCE = 2
"""As many secrets sign: the newest, and the one before for receivers that don't know it yet."""
PURPOSE = b"callbacks"


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The installation's secrets, the newest first."""

    secrets: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def load(cls, config: Config) -> Self:
        """Take `WEBHOOK_SECRETS`, else what the keys that encrypt yield."""
        if config.webhook_secrets:
            return cls(tuple(b64decode(text.removeprefix(PREFIX)) for text in config.webhook_secrets))
        return cls(Keyring.load(config).derive(PURPOSE))

    def of(self, client_id: str | None) -> tuple[bytes, ...]:
        """The secrets of a client, or of the operator."""
        newest = self.secrets[:AT_ONCE]
        if client_id is None:
            return newest
        return tuple(hmac.digest(secret, f"client:{client_id}".encode(), sha256) for secret in newest)


def written(secret: bytes) -> str:
    """A secret as its receiver is told it."""
    return PREFIX + b64encode(secret).decode()


def sign(
    secrets: Sequence[bytes], message_id: str, moment: datetime, body: Iterable[bytes]
) -> dict[str, str]:
    """Give the three headers for a body."""
    timestamp = str(int(moment.timestamp()))
    signatures = [hmac.new(secret, f"{message_id}.{timestamp}.".encode(), sha256) for secret in secrets]
    for piece in body:
        for signature in signatures:
            signature.update(piece)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{b64encode(one.digest()).decode()}" for one in signatures),
    }
