"""What is written about uploads: begun, one file there, all there.

A post may have to go to several places: to the store of `MEDIA_STORE`, and to Drive folders that jobs named as their
own. `folder_id` says which of these it is about; empty for the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, insert, select, update

from store.media.statuses import ELSEWHERE, ArchivedFile, Status
from store.media.stores import Placed
from store.models.media import COPIES, FILES, REQUESTS
from store.transactions import in_transaction
from tiktok.media.wishes import MediaWish

DRIVE = "drive"
"""Name of the store that copies what it has."""
READY = (Status.DOWNLOADED, Status.UPLOADING)
"""Statuses of posts that are whole on the disk."""


def files_to_upload(
    engine: Engine, video_id: str, store: str, folder_id: str = ""
) -> list[ArchivedFile] | None:
    """List a post's files that are not there yet, its sidecar last; `None` where no whole post is to go there."""
    with engine.connect() as connection:
        if not _ready_jobs(connection, video_id, folder_id):
            return None
        rows = connection.execute(select(FILES).where(FILES.c.video_id == video_id)).mappings()
        files = [ArchivedFile(**row) for row in rows if row["uploaded_to"] != ELSEWHERE]
        copies = set(connection.execute(_copies(video_id, folder_id)).all()) if folder_id else set()
    waiting = [
        file
        for file in files
        if ((file.role, file.variant, file.sha256) not in copies if folder_id else file.uploaded_to != store)
    ]
    return sorted(waiting, key=lambda file: (file.role == "sidecar", file.key))


def find_uploaded_twin(engine: Engine, file: ArchivedFile, store: str) -> Placed | None:
    """Where the store has this content already, under another post or in another folder."""
    same = select(FILES.c.remote_id, FILES.c.remote_link).where(
        FILES.c.sha256 == file.sha256, FILES.c.uploaded_to == store
    )
    copied = select(COPIES.c.remote_id, COPIES.c.remote_link).where(COPIES.c.sha256 == file.sha256)
    with engine.connect() as connection:
        row = connection.execute(same.limit(1)).one_or_none()
        if row is None and store == DRIVE:
            row = connection.execute(copied.limit(1)).one_or_none()
    return Placed(row.remote_id, row.remote_link) if row else None


def note_upload(
    engine: Engine, file: ArchivedFile, store: str, placed: Placed, now: datetime, *, folder_id: str = ""
) -> None:
    """Book that a file is there."""
    key = {"video_id": file.video_id, "role": file.role, "variant": file.variant}
    there = {"uploaded_at": now, "remote_id": placed.id, "remote_link": placed.link}

    def work(connection: Connection) -> None:
        if not folder_id:
            mine = [FILES.c[name] == value for name, value in key.items()]
            connection.execute(update(FILES).where(*mine).values(there | {"uploaded_to": store}))
            return
        copy = key | {"folder_id": folder_id}
        mine = [COPIES.c[name] == value for name, value in copy.items()]
        connection.execute(delete(COPIES).where(*mine))
        connection.execute(insert(COPIES).values(copy | there | {"sha256": file.sha256}))

    in_transaction(engine, work)


def note_status(
    engine: Engine,
    video_id: str,
    status: Status,
    now: datetime,
    reason: str | None = None,
    *,
    folder_id: str = "",
) -> None:
    """Book how far a post that is whole on the disk has come, for every job that wants it there."""

    def work(connection: Connection) -> None:
        jobs = REQUESTS.c.job_id.in_(_ready_jobs(connection, video_id, folder_id))
        told = {"status": status.value, "reason": reason, "updated_at": now}
        connection.execute(update(REQUESTS).where(REQUESTS.c.video_id == video_id, jobs).values(told))

    in_transaction(engine, work)


def _ready_jobs(connection: Connection, video_id: str, folder_id: str) -> list[int]:
    """The jobs that want a post there, which is whole."""
    ready = REQUESTS.c.status.in_([status.value for status in READY])
    wanted = select(REQUESTS.c.job_id, REQUESTS.c.wish).where(REQUESTS.c.video_id == video_id, ready)
    return [
        row.job_id for row in connection.execute(wanted) if MediaWish.read(row.wish).drive_folder == folder_id
    ]


def _copies(video_id: str, folder_id: str) -> Select[Any]:
    mine = (COPIES.c.video_id == video_id, COPIES.c.folder_id == folder_id)
    return select(COPIES.c.role, COPIES.c.variant, COPIES.c.sha256).where(*mine)


def local_paths(engine: Engine, video_id: str) -> Sequence[str]:
    """Where a post's files lie on the disk."""
    here = select(FILES.c.path).where(FILES.c.video_id == video_id, FILES.c.path != "")
    with engine.connect() as connection:
        return connection.scalars(here).all()
