"""`/api/v1/jobs`: jobs that archive what they find; the same jobs as `/api/jobs` shows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from store.queries.archived import found_by_job, media_counts
from store.queries.jobs import find_job, list_jobs
from store.queries.pages import Window
from webapi import current
from webapi.archive.blueprints import ArchiveBlueprint
from webapi.archive.documents import STATUSES, drive_links, job_document, video_document
from webapi.archive.schemas import (
    ArchiveJobDetailsSchema,
    ArchiveJobsArgsSchema,
    ArchiveJobSchema,
    NewArchiveJobSchema,
)
from webapi.extensions.schemas import IdempotencySchema
from webapi.limits.groups import ARCHIVE
from webapi.services.archive_jobs import cancel, discard, request_archive

JOBS = ArchiveBlueprint(
    "archive-jobs",
    __name__,
    url_prefix="/api/v1/jobs",
    description="Jobs that archive what they find",
    limits=ARCHIVE,
)
MOST_VIDEOS = 1000
"""In the details of a job; jobs of this family find no more than 200."""


@JOBS.route("", methods=["POST"])
@JOBS.arguments(NewArchiveJobSchema)
@JOBS.arguments(IdempotencySchema, location="headers")
@JOBS.response(201, ArchiveJobSchema)
@JOBS.errors(400, 401, 409, 413, 500)
def create(given: dict[str, Any], header: dict[str, str]) -> dict[str, Any]:
    """Create a job

    It begins within seconds: crawls a profile or a hashtag, and archives the media of the posts it finds.
    """
    job = request_archive(
        current.engine(),
        current.now(),
        config=current.config(),
        client_id=current.client().id,
        given=given,
        key=header.get("key"),
    )
    return _document(job.uuid)


@JOBS.route("")
@JOBS.arguments(ArchiveJobsArgsSchema, location="query")
@JOBS.response(200, ArchiveJobSchema(many=True))
@JOBS.errors(401, 500)
def list_all(given: dict[str, Any]) -> Any:
    """List jobs

    Your own, the newest first. The header X-Total-Count says how many there are.
    """
    states = STATUSES[given["status"]] if "status" in given else []
    window = Window(limit=given["limit"], offset=given["offset"])
    page = list_jobs(current.engine(), current.client().id, states, window)
    media = media_counts(current.engine(), [view.job.id for view in page.rows])
    jobs = [job_document(view, media.get(view.job.id, {})) for view in page.rows]
    return jobs, {"X-Total-Count": str(page.total)}


@JOBS.route("/<uuid:job_id>")
@JOBS.response(200, ArchiveJobDetailsSchema)
@JOBS.errors(401, 404, 500)
def show(job_id: UUID) -> dict[str, Any]:
    """Get a job

    With the posts it found and where they are in Drive.
    """
    engine = current.engine()
    view = find_job(engine, current.client().id, str(job_id))
    found = found_by_job(engine, view.job.id, MOST_VIDEOS)
    media = media_counts(engine, [view.job.id])
    return {
        "job": job_document(view, media.get(view.job.id, {})),
        "videos": [video_document(one) for one in found],
        "drive_links": [links for one in found if (links := drive_links(one))],
        "has_more": view.videos > len(found),
    }


@JOBS.route("/<uuid:job_id>/cancel", methods=["POST"])
@JOBS.response(200, ArchiveJobSchema)
@JOBS.errors(401, 404, 409, 500)
def stop(job_id: UUID) -> dict[str, Any]:
    """Cancel a job

    What is under way is brought to its end, and what was found stays.
    """
    cancel(current.engine(), current.client().id, str(job_id), current.now())
    return _document(str(job_id))


@JOBS.route("/<uuid:job_id>", methods=["DELETE"])
@JOBS.response(204)
@JOBS.errors(401, 404, 500)
def delete(job_id: UUID) -> None:
    """Delete a job

    With its posts; a running one is cancelled. Files stay, on disk and in Drive.
    """
    discard(current.engine(), current.client().id, str(job_id), current.now())


def _document(job_uuid: str) -> dict[str, Any]:
    view = find_job(current.engine(), current.client().id, job_uuid)
    return job_document(view, media_counts(current.engine(), [view.job.id]).get(view.job.id, {}))
