"""The archive on this machine's disk: a tree that people can browse, and the folder of unfinished files in it."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

from store.media.errors import PieceRefused

PARTS = ".parts"
"""Where files are while they grow; on the same disk, so that the last step is a rename."""


class DiskArchive:
    """Below one root. Nothing ever reaches a path of the archive but whole files, by rename or link."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.parts = root / PARTS

    def open(self) -> None:
        """Make the folders; raise `OSError` where that can't be done."""
        self.parts.mkdir(parents=True, exist_ok=True)

    def locate(self, path: str) -> Path:
        """The place of a path below the root; raise `PieceRefused` for one that would leave it."""
        pure = PurePosixPath(path)
        if pure.is_absolute() or not pure.parts or ".." in pure.parts or "\\" in path or "\0" in path:
            raise PieceRefused(f"{path!r} leaves the archive; choose another MEDIA_PATH")
        return self.root.joinpath(*pure.parts)

    def adopt(self, part: Path, path: str) -> None:
        """Move a whole file to its place, over whatever is there."""
        target = self.locate(path)
        try:
            part.replace(target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.replace(target)

    def write(self, path: str, content: bytes) -> None:
        """Write a small file in one step."""
        part = self.parts / f"{self.locate(path).name}.part"
        part.write_bytes(content)
        self.adopt(part, path)

    def share(self, path: str, twin: str) -> bool:
        """Let two paths of the same content share its space; say whether they do. Not all disks can."""
        ours, theirs = self.locate(path), self.locate(twin)
        link = self.parts / f"{ours.name}.link.part"
        try:
            link.unlink(missing_ok=True)
            if ours.samefile(theirs):
                return True
            link.hardlink_to(theirs)
            link.replace(ours)
        except OSError:
            link.unlink(missing_ok=True)
            return False
        return True

    def holds(self, path: str, size: int) -> bool:
        """Say whether a file of this size is there."""
        try:
            return self.locate(path).stat().st_size == size
        except OSError:
            return False

    def free_bytes(self) -> int:
        """How much room the disk has for us."""
        return shutil.disk_usage(self.root).free
