"""Files of usernames: read line by line, however long they are and whatever wrote them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

from store.jobs.arguments import InvalidArgument
from tiktok.usernames import entries_of

MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
"""What a file begins with that some editors of Windows write."""


def read_entries(path: Path) -> Iterator[str]:
    """Give one entry after the other; a broken letter spoils its entry only."""
    with path.open("rb") as file:
        start = file.read(2)
    encoding = next((encoding for mark, encoding in MARKS if start == mark), "utf-8-sig")
    with path.open(encoding=encoding, errors="replace") as lines:
        yield from entries_of(lines)


def digest_of(path: Path) -> str:
    """Tell a file's content from another's."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def require_entries(name: str, path: Path) -> None:
    """Raise `InvalidArgument` for a file that can't be read, or names nobody."""
    try:
        first = next(read_entries(path), None)
    except OSError as error:
        problem = f"can't read {path} ({error.strerror})"
        raise InvalidArgument(name, problem, "give the path of a file with one username per line") from error
    if first is None:
        raise InvalidArgument(name, f"{path} names nobody", "write one username per line")
