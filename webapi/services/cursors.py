"""Cursors: where a page ended, as a text that clients hand back unread.

A cursor is signed together with the list it belongs to. So nobody can write one, and one of a list with another
filter or order is refused instead of giving half of each.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from store.queries.pages import Page, Position, Window
from store.secrets import Keyring
from webapi.services.errors import Unusable

PURPOSE = b"cursors"
SIGNATURE_BYTES = 12
"""Who guesses one gains nothing but a page of a list that is open to them."""


class Cursors:
    """Writes and reads cursors."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def write(self, of: Mapping[str, Any], page: Page[Any]) -> str | None:
        """The cursor of the page that follows in this list; nothing behind the last one."""
        if page.next is None:
            return None
        value = page.next.value
        step = ["at", value.isoformat()] if isinstance(value, datetime) else ["is", value]
        body = orjson.dumps([page.offset + len(page.rows), step, page.next.id])
        return urlsafe_b64encode(self._sign(of, body)[0] + body).decode().rstrip("=")

    def read(self, of: Mapping[str, Any], cursor: str, limit: int) -> Window:
        """Where the page of a cursor begins; raise `Unusable` for one that is not of this list."""
        try:
            signed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            signed = b""
        signature, body = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
        if not any(hmac.compare_digest(signature, good) for good in self._sign(of, body)):
            raise Unusable(
                "cursor: belongs to no page of this list with this filter and order; begin without it"
            )
        offset, (kind, value), row_id = orjson.loads(body)
        after = Position(datetime.fromisoformat(value) if kind == "at" else value, row_id)
        return Window(limit=limit, offset=offset, after=after)

    def _sign(self, of: Mapping[str, Any], body: bytes) -> list[bytes]:
        """With every key that is good, the newest first."""
        signed = orjson.dumps(of, option=orjson.OPT_SORT_KEYS) + b"\0" + body
        return [hmac.digest(key, signed, "sha256")[:SIGNATURE_BYTES] for key in self._keyring.derive(PURPOSE)]
