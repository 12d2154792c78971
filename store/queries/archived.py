"""What a client's jobs found and archived: posts with how far their media are, per job or the newest job's only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import ColumnElement, Engine, FromClause, Row, Select, Table, and_, exists, func, select

from store.media.statuses import ArchivedFile, Status, archived_files
from store.media.uploads import DRIVE
from store.models.jobs import JOB_TARGETS, JOB_VIDEOS, JOBS
from store.models.media import COPIES, REQUESTS
from store.models.videos import VideoHashtagRow, VideoRow
from store.queries.pages import Page, Window

VIDEOS = cast("Table", VideoRow.__table__)
VIDEO_HASHTAGS = cast("Table", VideoHashtagRow.__table__)
_NEWER_FIND, _NEWER_JOB, _NEWER_REQUEST = (
    JOB_VIDEOS.alias("newer_find"),
    JOBS.alias("newer_job"),
    REQUESTS.alias("newer_request"),
)

_COLUMNS = (
    VIDEOS,
    JOBS.c.id.label("job_id"),
    JOBS.c.uuid.label("job_uuid"),
    JOBS.c.parameters.label("job_parameters"),
    REQUESTS.c.status,
    REQUESTS.c.reason,
    REQUESTS.c.attempts,
    JOB_VIDEOS.c.found_at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFilter:
    """Which of a client's posts; what is not given does not matter."""

    job_uuid: str | None = None
    video_id: str | None = None
    kind: str | None = None
    """Of the job that found them."""
    targets: Collection[str] | None = None
    """What that job was about, in any of these words."""
    username: str | None = None
    hashtags: Collection[str] | None = None
    """Carries one of these."""
    status: Status | None = None

    @property
    def of_posts(self) -> list[ColumnElement[bool]]:
        """What is asked of the post itself."""
        tagged = exists().where(
            VIDEO_HASHTAGS.c.video_id == VIDEOS.c.id, VIDEO_HASHTAGS.c.hashtag.in_(self.hashtags or ())
        )
        return [
            *([VIDEOS.c.id == self.video_id] if self.video_id is not None else []),
            *([VIDEOS.c.username == self.username] if self.username is not None else []),
            *([tagged] if self.hashtags is not None else []),
        ]

    def of_finds(self, job: FromClause, request: FromClause) -> list[ColumnElement[bool]]:
        """What is asked of the job that found it, and of how far its media are there."""
        about = exists().where(
            JOB_TARGETS.c.job_id == job.c.id,
            JOB_TARGETS.c.position == 1,
            JOB_TARGETS.c.target.in_(self.targets or ()),
        )
        return [
            *([job.c.uuid == self.job_uuid] if self.job_uuid is not None else []),
            *([job.c.kind == self.kind] if self.kind is not None else []),
            *([about] if self.targets is not None else []),
            *([request.c.status == self.status.value] if self.status is not None else []),
        ]


@dataclass(frozen=True, slots=True)
class FoundVideo:
    """A post as one job of its client has it."""

    video: Row[Any]
    """Its columns, and those of the job and its request: `job_id`, `job_uuid`, `status`, `reason`, …"""
    files: Sequence[ArchivedFile]

    @property
    def status(self) -> Status | None:
        """How far its media are; nothing where the job asked for none."""
        return Status(self.video.status) if self.video.status else None


def list_found(
    engine: Engine, client_id: str, wanted: FoundFilter, limit: int, offset: int
) -> Page[FoundVideo]:
    """Read a page of a client's posts: each once, of the newest job that fits, the newest job's first."""
    newest = and_(*_mine(client_id), *wanted.of_posts, *wanted.of_finds(JOBS, REQUESTS))
    rows = _finds(*_COLUMNS).where(newest, ~_found_again(client_id, wanted))
    count = _finds(func.count(JOB_VIDEOS.c.video_id.distinct()))
    with engine.connect() as connection:
        total = connection.scalar(count.where(newest)) or 0
        page = rows.order_by(JOB_VIDEOS.c.job_id.desc(), JOB_VIDEOS.c.video_id.desc())
        found = connection.execute(page.limit(limit).offset(offset)).all() if total > offset else []
    return Page(
        rows=_with_files(engine, found),
        total=total,
        window=Window(limit=limit, offset=offset),
        has_more=offset + len(found) < total,
    )


def find_found(engine: Engine, client_id: str, video_id: str) -> FoundVideo | None:
    """Read a post of a client."""
    page = list_found(engine, client_id, FoundFilter(video_id=video_id), 1, 0)
    return page.rows[0] if page.rows else None


def found_by_job(engine: Engine, job_id: int, most: int) -> list[FoundVideo]:
    """Read the posts of a job, the newest first."""
    mine = (
        _finds(*_COLUMNS)
        .where(JOB_VIDEOS.c.job_id == job_id)
        .order_by(JOB_VIDEOS.c.video_id.desc())
        .limit(most)
    )
    with engine.connect() as connection:
        found = connection.execute(mine).all()
    return _with_files(engine, found)


def media_counts(engine: Engine, job_ids: Collection[int]) -> dict[int, dict[Status, int]]:
    """Count the posts of jobs by how far their media are; jobs that asked for none are not in the answer."""
    counted = (
        select(REQUESTS.c.job_id, REQUESTS.c.status, func.count())
        .where(REQUESTS.c.job_id.in_(job_ids))
        .group_by(REQUESTS.c.job_id, REQUESTS.c.status)
    )
    counts: dict[int, dict[Status, int]] = {}
    with engine.connect() as connection:
        for job_id, status, number in connection.execute(counted) if job_ids else ():
            counts.setdefault(job_id, {})[Status(status)] = number
    return counts


def _finds(*columns: Any) -> Select[Any]:
    asked = and_(REQUESTS.c.job_id == JOB_VIDEOS.c.job_id, REQUESTS.c.video_id == JOB_VIDEOS.c.video_id)
    return (
        select(*columns)
        .select_from(JOB_VIDEOS)
        .join(JOBS, JOBS.c.id == JOB_VIDEOS.c.job_id)
        .join(VIDEOS, VIDEOS.c.id == JOB_VIDEOS.c.video_id)
        .join(REQUESTS, asked, isouter=True)
    )


def _mine(client_id: str, job: FromClause = JOBS) -> tuple[ColumnElement[bool], ...]:
    # What follows from a job found its posts a second time.
    return (job.c.client_id == client_id, job.c.sequel_of.is_(None))


def _found_again(client_id: str, wanted: FoundFilter) -> ColumnElement[bool]:
    """A newer job that fits found the same post."""
    asked = and_(
        _NEWER_REQUEST.c.job_id == _NEWER_FIND.c.job_id,
        _NEWER_REQUEST.c.video_id == _NEWER_FIND.c.video_id,
    )
    finds = _NEWER_FIND.join(_NEWER_JOB, _NEWER_JOB.c.id == _NEWER_FIND.c.job_id)
    again = (
        select(_NEWER_FIND.c.job_id)
        .select_from(finds.join(_NEWER_REQUEST, asked) if wanted.status else finds)
        .where(_NEWER_FIND.c.video_id == JOB_VIDEOS.c.video_id, _NEWER_FIND.c.job_id > JOB_VIDEOS.c.job_id)
        .where(*_mine(client_id, _NEWER_JOB), *wanted.of_finds(_NEWER_JOB, _NEWER_REQUEST))
    )
    return again.correlate(JOB_VIDEOS).exists()


def _with_files(engine: Engine, rows: Iterable[Row[Any]]) -> list[FoundVideo]:
    """Look up the files of all posts at once, each with where it is in the store that its job uploads to."""
    found = list(rows)
    files = archived_files(engine, [row.id for row in found]) if found else {}
    folders = {row.id: row.job_parameters.get("drive_folder", "") for row in found}
    copies = _copies(engine, {each: folder for each, folder in folders.items() if folder})
    return [
        FoundVideo(row, [_placed(file, folders[row.id], copies) for file in files.get(row.id, [])])
        for row in found
    ]


def _copies(engine: Engine, folders: Mapping[str, str]) -> dict[tuple[str, ...], Row[Any]]:
    if not folders:
        return {}
    wanted = select(COPIES).where(
        COPIES.c.video_id.in_(folders), COPIES.c.folder_id.in_(set(folders.values()))
    )
    with engine.connect() as connection:
        rows = connection.execute(wanted).all()
    return {(row.video_id, row.role, row.variant, row.folder_id): row for row in rows}


def _placed(file: ArchivedFile, folder_id: str, copies: Mapping[tuple[str, ...], Row[Any]]) -> ArchivedFile:
    """The file as it is in a job's own folder, where it has one."""
    if not folder_id:
        return file
    copy = copies.get((*file.key, folder_id))
    if copy is None:
        return replace(file, uploaded_to=None, uploaded_at=None, remote_id=None, remote_link=None)
    there = {"uploaded_at": copy.uploaded_at, "remote_id": copy.remote_id, "remote_link": copy.remote_link}
    return replace(file, uploaded_to=DRIVE, **there)
