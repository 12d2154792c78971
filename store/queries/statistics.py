"""A client's numbers: its jobs, what they found and archived, its schedules."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, case, func, select

from store.jobs.states import JobState
from store.media.statuses import ELSEWHERE, WHOLE, Status
from store.models.jobs import JOB_VIDEOS, JOBS
from store.models.media import FILES, REQUESTS
from store.models.schedules import SCHEDULES
from store.queries.jobs import count_jobs

THERE = [status.value for status in (*WHOLE, Status.UPLOADING)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """A post that several jobs found counts once."""

    jobs: dict[JobState, int]
    videos: int
    downloaded: int
    """Posts whose files were fetched, wherever they are now."""
    uploaded: int
    failed: int
    bytes: int
    """Of the files of downloaded posts."""
    schedules: int
    enabled_schedules: int


def read_statistics(engine: Engine, client_id: str) -> Statistics:
    """Count all that a client has."""
    mine = (JOBS.c.client_id == client_id, JOBS.c.sequel_of.is_(None))
    found = select(func.count(JOB_VIDEOS.c.video_id.distinct())).join(JOBS, JOBS.c.id == JOB_VIDEOS.c.job_id)
    is_there = REQUESTS.c.status.in_(THERE)
    media = select(
        func.count(case((is_there, REQUESTS.c.video_id)).distinct()),
        func.count(case((REQUESTS.c.status == Status.UPLOADED, REQUESTS.c.video_id)).distinct()),
        func.count(case((REQUESTS.c.status == Status.FAILED, REQUESTS.c.video_id)).distinct()),
    ).join(JOBS, JOBS.c.id == REQUESTS.c.job_id)
    archived = select(REQUESTS.c.video_id).join(JOBS, JOBS.c.id == REQUESTS.c.job_id).where(*mine, is_there)
    size = select(func.sum(FILES.c.bytes)).where(
        FILES.c.video_id.in_(archived), func.coalesce(FILES.c.uploaded_to, "") != ELSEWHERE
    )
    enabled = func.count(case((SCHEDULES.c.is_enabled, SCHEDULES.c.id)))
    schedules = select(func.count(), enabled).select_from(SCHEDULES).where(SCHEDULES.c.client_id == client_id)
    with engine.connect() as connection:
        downloaded, uploaded, failed = connection.execute(media.where(*mine)).one()
        all_schedules, enabled_schedules = connection.execute(schedules).one()
        return Statistics(
            jobs=count_jobs(connection, client_id),
            videos=connection.scalar(found.where(*mine)) or 0,
            downloaded=downloaded,
            uploaded=uploaded,
            failed=failed,
            bytes=int(connection.scalar(size) or 0),
            schedules=all_schedules,
            enabled_schedules=enabled_schedules,
        )
