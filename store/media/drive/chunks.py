"""Uploads in chunks that go on after anything: a lost answer, a cut line, a killed process.

Google's client tries again by itself if asked to, but sends a stream that is used up and hangs; so its retries are
off, and every chunk is bytes in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from googleapiclient.http import HttpRequest, MediaFileUpload

from store.media.drive.answers import ERRORS, Gone, understand
from store.media.drive.patience import Patience


class SessionLost(Gone):
    """The upload session is over; a new one begins with the first byte."""


class ChunkedFile(MediaFileUpload):  # type: ignore[misc]  # published without types
    """A file that is read chunk by chunk."""

    def has_stream(self) -> bool:
        """Say that there is none: what can't be read twice can't be sent twice."""
        return False


def send(
    request: HttpRequest, patience: Patience, *, session: str | None, keep: Callable[[str], None]
) -> dict[str, Any]:
    """Upload, from where `session` stopped if there is one; `keep` is told the address of a new one."""
    if session:
        request.resumable_uri = session
        request._in_error_state = True  # noqa: SLF001  # makes the client ask how far it got; tests watch over it
    known, progress = session, 0
    while True:
        try:
            _, answer = request.next_chunk(num_retries=0)
        except ERRORS as error:
            failure = understand(error)
            try:
                patience.wait_after(failure)
            except Gone as gone:
                if request.resumable_uri:
                    raise SessionLost(str(gone)) from error
                raise
        else:
            if answer is not None:
                whole: dict[str, Any] = answer
                return whole
        if request.resumable_uri and request.resumable_uri != known:
            known = request.resumable_uri
            keep(known)
        if request.resumable_progress > progress:
            progress = request.resumable_progress
            patience.renew()
