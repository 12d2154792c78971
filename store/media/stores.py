"""What every store of files does: disk, a mounted folder, Google Drive.

All methods block, and are called in threads, several at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from tiktok.media.wishes import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One whole file on this machine, on its way into a store."""

    source: Path
    path: str
    """Where it belongs: relative to the store's root, parts joined by `/`, each a safe name
    (`tiktok.media.paths`), for example `TikTok/profile/khaby.lame/2025/01/khaby.lame_7123.mp4`."""
    video_id: str
    role: Role
    variant: str
    bytes: int
    sha256: str
    md5: str
    mime_type: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from all other files of the archive; the same in every attempt."""
        return self.video_id, self.role.value, self.variant


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a store put a file."""

    id: str | None = None
    """What the store calls it."""
    link: str | None = None
    """Where a person opens it."""


class Store(Protocol):
    """Keeps finished files."""

    name: ClassVar[str]
    """One word, kept with each file: `disk`, `folder`, `drive`."""

    def open(self) -> None:
        """Make sure that it can be used; raise `StoreRefused` with what to mend. Called once, before all else."""

    def find(self, piece: Piece) -> Placed | None:
        """Say where this very content already is at this path; `None` when it isn't, or another content is."""

    def put(self, piece: Piece) -> Placed:
        """Store the file, whole or not at all; whatever is there under the path is replaced.

        Idempotent: put again after a kill or a lost answer, it is there once. Compares the checksum where the store
        tells one. `source` is left alone. Raises one of `store.media.errors`.
        """

    def put_again(self, piece: Piece, twin: Placed) -> Placed:
        """Store content that the store already has elsewhere, without sending it again where it can do that."""

    def free_bytes(self) -> int | None:
        """How much more fits; `None` when nobody knows or there is no limit."""

    def close(self) -> None:
        """Let go of connections."""
