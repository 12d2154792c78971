"""What is written about uploads: begun, one file there, all there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, select, update

from store.media.statuses import ELSEWHERE, ArchivedFile, Status
from store.media.stores import Placed
from store.models.media import FILES, REQUESTS
from store.transactions import in_transaction

READY = (Status.DOWNLOADED, Status.UPLOADING)
"""Statuses of posts that are whole on the disk."""


def files_to_upload(engine: Engine, video_id: str, store: str) -> list[ArchivedFile] | None:
    """List a post's files that are not in the store yet, its sidecar last; `None` for a post that isn't whole."""
    ready = REQUESTS.c.status.in_([status.value for status in READY])
    with engine.connect() as connection:
        is_whole = connection.scalar(
            select(REQUESTS.c.job_id).where(REQUESTS.c.video_id == video_id, ready).limit(1)
        )
        if is_whole is None:
            return None
        rows = connection.execute(select(FILES).where(FILES.c.video_id == video_id)).mappings()
        files = [ArchivedFile(**row) for row in rows]
    waiting = [file for file in files if file.uploaded_to not in (store, ELSEWHERE)]
    return sorted(waiting, key=lambda file: (file.role == "sidecar", file.key))


def find_uploaded_twin(engine: Engine, file: ArchivedFile, store: str) -> Placed | None:
    """Where the store has this content already, under another post."""
    same = select(FILES.c.remote_id, FILES.c.remote_link).where(
        FILES.c.sha256 == file.sha256, FILES.c.uploaded_to == store
    )
    with engine.connect() as connection:
        row = connection.execute(same.limit(1)).one_or_none()
    return Placed(row.remote_id, row.remote_link) if row else None


def note_upload(engine: Engine, file: ArchivedFile, store: str, placed: Placed, now: datetime) -> None:
    """Book that a file is in the store."""
    key = (FILES.c.video_id == file.video_id, FILES.c.role == file.role, FILES.c.variant == file.variant)
    there = {"uploaded_to": store, "uploaded_at": now, "remote_id": placed.id, "remote_link": placed.link}
    in_transaction(engine, lambda connection: connection.execute(update(FILES).where(*key).values(there)))


def note_status(
    engine: Engine, video_id: str, status: Status, now: datetime, reason: str | None = None
) -> None:
    """Book how far a post that is whole on the disk has come, for every job that wants it."""
    ready = REQUESTS.c.status.in_([each.value for each in READY])
    told = {"status": status.value, "reason": reason, "updated_at": now}
    whole = update(REQUESTS).where(REQUESTS.c.video_id == video_id, ready).values(told)
    in_transaction(engine, lambda connection: connection.execute(whole))


def local_paths(engine: Engine, video_id: str) -> Sequence[str]:
    """Where a post's files lie on the disk."""
    here = select(FILES.c.path).where(FILES.c.video_id == video_id, FILES.c.path != "")
    with engine.connect() as connection:
        return connection.scalars(here).all()
