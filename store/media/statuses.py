"""How far a post's media have come, for a job or in all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine, func, select

from store.models.media import FILES, REQUESTS


class Status(StrEnum):
    """Of one post in one job."""

    PENDING = "pending"
    DOWNLOADING = "downloading"
    DOWNLOADED = "downloaded"
    """All that was wanted is on this machine's disk."""
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    """And in the store of `MEDIA_STORE`."""
    FAILED = "failed"


OPEN = (Status.PENDING, Status.DOWNLOADING, Status.UPLOADING)
"""Not done, and nothing says that it can't be."""
ELSEWHERE = "elsewhere"
"""`uploaded_to` of a video that is in somebody's download archive, and so not fetched."""
WHOLE = (Status.DOWNLOADED, Status.UPLOADED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedFile:
    """One file of a post, as the table `media_files` tells it."""

    video_id: str
    role: str
    variant: str
    path: str
    bytes: int
    sha256: str
    md5: str
    mime_type: str
    has_watermark: bool | None = None
    quality: str | None = None
    codec: str | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    stored_at: datetime
    uploaded_to: str | None = None
    uploaded_at: datetime | None = None
    remote_id: str | None = None
    remote_link: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.video_id, self.role, self.variant


@dataclass(frozen=True, slots=True)
class PostStatus:
    """A post of a job."""

    job_id: int
    video_id: str
    status: Status
    reason: str | None
    attempts: int
    updated_at: datetime


def status_counts(engine: Engine, job_id: int | None = None) -> dict[Status, int]:
    """Count the posts of a job, or of all jobs, by status; every status is there."""
    counted = select(REQUESTS.c.status, func.count()).group_by(REQUESTS.c.status)
    if job_id is not None:
        counted = counted.where(REQUESTS.c.job_id == job_id)
    with engine.connect() as connection:
        found = {status: count for status, count in connection.execute(counted)}  # noqa: C416  # rows are no pairs
    return {status: found.get(status.value, 0) for status in Status}


def post_statuses(
    engine: Engine,
    job_id: int | None,
    video_ids: Collection[str] | None = None,
    *,
    after: str = "0",
    n: int = 1000,
) -> list[PostStatus]:
    """List posts of a job (of all jobs for `None`) in order of their ids: these, or `n` behind `after`."""
    wanted = select(REQUESTS).where(REQUESTS.c.video_id > after)
    if job_id is not None:
        wanted = wanted.where(REQUESTS.c.job_id == job_id)
    if video_ids is not None:
        wanted = wanted.where(REQUESTS.c.video_id.in_(video_ids))
    wanted = wanted.order_by(REQUESTS.c.video_id, REQUESTS.c.job_id).limit(n)
    with engine.connect() as connection:
        return [
            PostStatus(row.job_id, row.video_id, Status(row.status), row.reason, row.attempts, row.updated_at)
            for row in connection.execute(wanted)
        ]


def archived_files(engine: Engine, video_ids: Collection[str]) -> dict[str, list[ArchivedFile]]:
    """List the files of these posts, by post."""
    wanted = select(FILES).where(FILES.c.video_id.in_(video_ids)).order_by(*FILES.primary_key)
    files: dict[str, list[ArchivedFile]] = {video_id: [] for video_id in video_ids}
    with engine.connect() as connection:
        for row in connection.execute(wanted).mappings():
            files[row["video_id"]].append(ArchivedFile(**row))
    return files


def archived_bytes(engine: Engine) -> int:
    """How much all files take; content that several posts share counts each time."""
    with engine.connect() as connection:
        return int(connection.scalar(select(func.sum(FILES.c.bytes))) or 0)


@dataclass(frozen=True, slots=True)
class Links:
    """What people open of a post in the store of `MEDIA_STORE`."""

    video_link: str | None
    metadata_link: str | None
    folder_path: str | None
    remote_id: str | None


def links_of(files: Sequence[ArchivedFile]) -> Links:
    """Tell the links of a post's files."""
    main = next((file for file in files if file.role in ("video", "image")), None)
    sidecar = next((file for file in files if file.role == "sidecar"), None)
    some = main or sidecar
    return Links(
        video_link=main.remote_link if main else None,
        metadata_link=sidecar.remote_link if sidecar else None,
        folder_path=some.path.rpartition("/")[0] if some else None,
        remote_id=main.remote_id if main else None,
    )
