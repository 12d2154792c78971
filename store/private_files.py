"""Files with one secret line that are made once, whichever process comes first, and that only their owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PRIVATE = 0o600
"""File mode: its owner reads and writes, nobody else."""


def ensure_line(path: Path, prefix: str = "") -> str:
    """Read the line; where there is no file, make one up of `prefix` and a random word."""
    if not path.exists():
        _write(path, prefix + secrets.token_urlsafe(24))
    return path.read_text().strip()


def _write(path: Path, line: str) -> None:
    """Put a complete file in place, or leave the one that another process has just put there."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as file:
        file.write(f"{line}\n")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
