"""A folder as a store: a mounted share, a second disk (`MEDIA_STORE=file:///mnt/archive`)."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from errno import EDQUOT, EFBIG, ENAMETOOLONG, ENOSPC
from functools import partial
from pathlib import Path
from typing import ClassVar

from store.media.disk import DiskArchive
from store.media.errors import MediaStoreError, PieceRefused, StorePaused, StoreRefused, StoreTrouble
from store.media.stores import Piece, Placed

PAUSE = timedelta(minutes=5)


class FolderStore:
    """Copies files into a tree that looks like the archive's."""

    name: ClassVar[str] = "folder"

    def __init__(self, root: Path) -> None:
        self.disk = DiskArchive(root)

    def open(self) -> None:
        try:
            self.disk.open()
        except OSError as error:
            raise StoreRefused(
                f"MEDIA_STORE: can't write to {self.disk.root} ({error.strerror}); mount it, or name another"
            ) from error

    def find(self, piece: Piece) -> Placed | None:
        """Compare the content: a folder may have been changed by anybody."""
        target = self.disk.locate(piece.path)
        try:
            is_same = target.stat().st_size == piece.bytes and _md5(target) == piece.md5
        except OSError:
            return None
        return Placed(link=target.as_uri()) if is_same else None

    def put(self, piece: Piece) -> Placed:
        part = self.disk.parts / f"{'-'.join(filter(None, piece.key))}.part"
        try:
            shutil.copyfile(piece.source, part)
            if _md5(part) != piece.md5:
                raise StoreTrouble(f"{piece.path}: the copy differs from its original")
            self.disk.adopt(part, piece.path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise _meaning(error, piece) from error
        return Placed(link=self.disk.locate(piece.path).as_uri())

    def put_again(self, piece: Piece, twin: Placed) -> Placed:  # noqa: ARG002  # a folder copies as fast as it links
        return self.put(piece)

    def free_bytes(self) -> int | None:
        return self.disk.free_bytes()

    def close(self) -> None:
        """Nothing is open."""


def _meaning(error: OSError, piece: Piece) -> MediaStoreError:
    words = error.strerror or str(error)
    if error.errno in (ENOSPC, EDQUOT):
        return StorePaused(words, datetime.now(UTC) + PAUSE)
    if error.errno in (EFBIG, ENAMETOOLONG):
        return PieceRefused(f"{piece.path}: {words}")
    return StoreTrouble(f"{piece.path}: {words}")


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, partial(hashlib.md5, usedforsecurity=False)).hexdigest()
