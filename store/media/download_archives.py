"""yt-dlp's download archives: text files of what was downloaded before, one `tiktok 7123456789012345678` a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Engine, select

from store.media.book import write_files
from store.media.statuses import ELSEWHERE, ArchivedFile
from store.models.media import FILES
from store.models.types import MAX_ID
from store.transactions import in_transaction

BATCH = 1_000
_LINE = re.compile(r"tiktok ([0-9]{1,19})")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a download archive brought."""

    new: int
    known: int
    others: int
    """Lines about other sites, or that are none."""


def import_archive(engine: Engine, lines: Iterable[str], now: datetime) -> Imported:
    """Note posts as archived elsewhere, so that no crawl fetches their videos; what is archived here stays."""
    others = 0

    def ids() -> Iterator[str]:
        nonlocal others
        for line in lines:
            found = _LINE.fullmatch(line.strip())
            if found and 0 < int(found[1]) <= MAX_ID:
                yield str(int(found[1]))
            elif line.strip():
                others += 1

    new = known = 0
    given = ids()
    while batch := list(dict.fromkeys(islice(given, BATCH))):
        added = in_transaction(engine, lambda connection, batch=batch: _add(connection, batch, now))  # type: ignore[misc]
        new, known = new + added, known + len(batch) - added
    return Imported(new, known, others)


def export_archive(engine: Engine) -> Iterator[str]:
    """Give a line for each post that is archived, here or elsewhere, in order of their ids."""
    posts = (
        select(FILES.c.video_id)
        .where(FILES.c.role.in_(("video", "image")))
        .distinct()
        .order_by(FILES.c.video_id)
    )
    with engine.connect() as connection:
        for video_id in connection.execution_options(yield_per=BATCH).scalars(posts):
            yield f"tiktok {video_id}"


def _add(connection: Connection, video_ids: list[str], now: datetime) -> int:
    is_there = select(FILES.c.video_id).where(
        FILES.c.video_id.in_(video_ids), FILES.c.role.in_(("video", "image"))
    )
    there = set(connection.scalars(is_there))
    fresh = [_elsewhere(video_id, now) for video_id in video_ids if video_id not in there]
    if fresh:
        write_files(connection, fresh)
    return len(fresh)


def _elsewhere(video_id: str, now: datetime) -> ArchivedFile:
    return ArchivedFile(
        video_id=video_id,
        role="video",
        variant="",
        path="",
        bytes=0,
        sha256="",
        md5="",
        mime_type="",
        stored_at=now,
        uploaded_to=ELSEWHERE,
        uploaded_at=now,
    )
