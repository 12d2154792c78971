"""Answers that nobody could read, kept to look into: compressed, few, and none too long.

What the visitor's own secrets are is taken out. Yet a page may name who looked at it in ways we don't know: look
through a body before you share it.
"""

from __future__ import annotations

import gzip
import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote

PRIVATE = 0o600
LONGEST_BYTES = 2 * 1024 * 1024
"""The rest of a longer body is cut off; pages have about 300 kB."""
MOST = 50
SAMPLES = 3
"""Of one endpoint and rule, in one crawl: the hundredth tells no more."""
SHORTEST_SECRET = 8
"""Shorter values ("1", "useast5") are no secrets, and would be found everywhere."""


class KeptBodies:
    """A folder of bodies, the oldest of which make room for new ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: Counter[str] = Counter()

    def keep(self, body: bytes, kind: str) -> str | None:
        """Keep a body, unless there are enough of this kind; return its file's name."""
        if self._kept[kind] >= SAMPLES:
            return None
        self._kept[kind] += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        digest = sha256(body).hexdigest()[:16]
        known = next(self.folder.glob(f"*-{digest}.gz"), None)
        if known is not None:
            return known.name
        for path in sorted(self.folder.glob("*.gz"))[: -MOST + 1]:
            path.unlink(missing_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{digest}.gz"
        with os.fdopen(
            os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb"
        ) as file:
            file.write(gzip.compress(body[:LONGEST_BYTES], compresslevel=6))
        return name


def without_secrets(body: bytes, secrets: Iterable[str]) -> bytes:
    """Put asterisks where one of these values stands, however it is quoted."""
    spelled = {
        form
        for secret in secrets
        if len(secret) >= SHORTEST_SECRET
        for form in (secret, unquote(secret), quote(secret, safe=""))
    }
    for form in sorted(spelled, key=len, reverse=True):
        body = body.replace(form.encode(), b"***")
    return body
