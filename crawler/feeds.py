"""Where exports go, looked at before a crawl begins: Scrapy finds out with the first item, and crawls on."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from w3lib.url import file_uri_to_path

from store.jobs.arguments import InvalidArgument


def check_feeds(uris: Iterable[object]) -> None:
    """Raise `InvalidArgument` for a file that can't be written; other places are asked when it comes to it."""
    for path in filter(None, map(_local_path, map(str, uris))):
        problem = _problem(path)
        if problem:
            fix = "name a file in a directory you may write to"
            raise InvalidArgument("output", f"can't write to {path} ({problem})", fix)


def _local_path(uri: str) -> Path | None:
    """The file that the URI names; `None` for other schemes, and for names that a crawl makes up (`%(time)s`)."""
    scheme = urlsplit(uri).scheme
    if scheme not in ("", "file") or "%(" in uri:
        return None
    return Path(file_uri_to_path(uri) if scheme else uri)


def _problem(path: Path) -> str | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            return "Is a directory"
        writable = os.access(path if path.exists() else path.parent, os.W_OK)
    except OSError as error:
        return f"{error.strerror}: {error.filename}"
    return None if writable else "Permission denied"
