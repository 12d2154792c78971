"""`/api/v1/scheduled-jobs`: jobs that are made again and again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from store.queries.pages import Window
from store.queries.schedules import find_schedule, list_client_schedules
from webapi import current
from webapi.archive.blueprints import ArchiveBlueprint
from webapi.archive.documents import schedule_document
from webapi.archive.schedule_schemas import (
    NewScheduleSchema,
    ScheduleArgsSchema,
    ScheduleChangesSchema,
    ScheduledJobSchema,
)
from webapi.extensions.schemas import IdempotencySchema
from webapi.limits.groups import ARCHIVE
from webapi.services.archive_schedules import (
    drop_schedule,
    request_schedule,
    toggle_schedule,
    update_schedule,
)

SCHEDULED_JOBS = ArchiveBlueprint(
    "scheduled-jobs",
    __name__,
    url_prefix="/api/v1/scheduled-jobs",
    description="Jobs that are made again and again",
    limits=ARCHIVE,
)


@SCHEDULED_JOBS.route("", methods=["POST"])
@SCHEDULED_JOBS.arguments(NewScheduleSchema)
@SCHEDULED_JOBS.arguments(IdempotencySchema, location="headers")
@SCHEDULED_JOBS.response(201, ScheduledJobSchema)
@SCHEDULED_JOBS.errors(400, 401, 409, 413, 500)
def create(given: dict[str, Any], header: dict[str, str]) -> dict[str, Any]:
    """Create a scheduled job

    It is first due after an interval. A due time is skipped while the last job still runs.
    """
    schedule = request_schedule(
        current.engine(),
        current.now(),
        client_id=current.client().id,
        given=given,
        key=header.get("key"),
    )
    return _document(schedule.uuid)


@SCHEDULED_JOBS.route("")
@SCHEDULED_JOBS.arguments(ScheduleArgsSchema, location="query")
@SCHEDULED_JOBS.response(200, ScheduledJobSchema(many=True))
@SCHEDULED_JOBS.errors(401, 500)
def list_all(given: dict[str, Any]) -> Any:
    """List scheduled jobs

    Your own, the oldest first. The header X-Total-Count says how many there are.
    """
    page = list_client_schedules(
        current.engine(),
        current.client().id,
        is_enabled=given.get("enabled"),
        window=Window(limit=given["limit"], offset=given["offset"]),
    )
    return list(map(schedule_document, page.rows)), {"X-Total-Count": str(page.total)}


@SCHEDULED_JOBS.route("/<uuid:job_id>")
@SCHEDULED_JOBS.response(200, ScheduledJobSchema)
@SCHEDULED_JOBS.errors(401, 404, 500)
def show(job_id: UUID) -> dict[str, Any]:
    """Get a scheduled job"""
    return _document(str(job_id))


@SCHEDULED_JOBS.route("/<uuid:job_id>", methods=["PATCH"])
@SCHEDULED_JOBS.arguments(ScheduleChangesSchema)
@SCHEDULED_JOBS.response(200, ScheduledJobSchema)
@SCHEDULED_JOBS.errors(400, 401, 404, 413, 500)
def change(given: dict[str, Any], job_id: UUID) -> dict[str, Any]:
    """Update a scheduled job

    What is not named stays as it is.
    """
    update_schedule(
        current.engine(), current.now(), client_id=current.client().id, uuid=str(job_id), changes=given
    )
    return _document(str(job_id))


@SCHEDULED_JOBS.route("/<uuid:job_id>/toggle", methods=["POST"])
@SCHEDULED_JOBS.response(200, ScheduledJobSchema)
@SCHEDULED_JOBS.errors(401, 404, 500)
def toggle(job_id: UUID) -> dict[str, Any]:
    """Toggle a scheduled job

    Switches it on or off. What was due while it was off is not made up for.
    """
    toggle_schedule(current.engine(), current.now(), client_id=current.client().id, uuid=str(job_id))
    return _document(str(job_id))


@SCHEDULED_JOBS.route("/<uuid:job_id>", methods=["DELETE"])
@SCHEDULED_JOBS.response(204)
@SCHEDULED_JOBS.errors(401, 404, 500)
def delete(job_id: UUID) -> None:
    """Delete a scheduled job

    The jobs it made stay.
    """
    drop_schedule(current.engine(), client_id=current.client().id, uuid=str(job_id))


def _document(uuid: str) -> dict[str, Any]:
    return schedule_document(find_schedule(current.engine(), current.client().id, uuid))
