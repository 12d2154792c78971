"""One attempt to deliver a callback: its body made and signed, then sent to a vetted address."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from store.callbacks.outbox import Delivery, Outbox
from store.callbacks.plan import DeliveryState
from store.callbacks.signing import SigningKeys, sign
from store.errors import NotDelivered
from store.outbound.guard import Guard
from store.outbound.sending import SLICE_BYTES, TIMEOUT_SECONDS, post

RENEWAL_SECONDS = 15.0

Body = Callable[[int], Iterator[bytes]]
"""Makes the body for a job, in pieces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Delivers callbacks."""

    outbox: Outbox
    guard: Guard
    keys: SigningKeys
    body: Body
    directory: Path
    """Where a body lies while it is under way: its signature goes before it."""
    now: Callable[[], datetime]
    timeout_seconds: float = TIMEOUT_SECONDS

    def deliver(self, delivery: Delivery) -> DeliveryState:
        """Make one attempt and book it."""
        begun = time.monotonic()
        try:
            status, problem = self._attempt(delivery), None
        except (NotDelivered, OSError) as error:
            status, problem = None, str(error)
        took = timedelta(seconds=time.monotonic() - begun)
        return self.outbox.book(delivery, self.now(), took, status=status, problem=problem)

    def _attempt(self, delivery: Delivery) -> int:
        with TemporaryFile(dir=self.directory) as body:
            body.writelines(self._kept(delivery, self.body(delivery.job_id)))
            headers = {
                "Content-Type": "application/json",
                "Content-Length": str(body.tell()),
                "User-Agent": "tiktok-crawler",
                **sign(self.keys.of(delivery.client_id), delivery.uuid, self.now(), _slices(body)),
            }
            pieces = self._kept(delivery, _slices(body))
            return post(
                self.guard, delivery.url, headers, pieces, timeout_seconds=self.timeout_seconds
            ).status

    def _kept(self, delivery: Delivery, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Pass the pieces on, and keep the lease while they last."""
        renewed = time.monotonic()
        for piece in pieces:
            if time.monotonic() - renewed > RENEWAL_SECONDS:
                self.outbox.keep(delivery, self.now())
                renewed = time.monotonic()
            yield piece


def _slices(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    return iter(lambda: file.read(SLICE_BYTES), b"")
