"""What this family takes and gives of scheduled jobs."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from store.schedules.intervals import LONGEST_MINUTES, SHORTEST_MINUTES
from webapi.archive.schemas import LARGEST_OFFSET, ModeSchema
from webapi.extensions.schemas import Flag, Moment


class NewScheduleSchema(ModeSchema):
    """What to crawl and archive, and how often."""

    name = fields.String(
        required=True,
        validate=validate.Length(min=1, max=255),
        metadata={"example": "Daily Scrape - @khaby.lame"},
    )
    interval_minutes = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(min=SHORTEST_MINUTES, max=LONGEST_MINUTES),
        metadata={"example": 1440},
    )
    enabled = Flag(load_default=True)


class ScheduleChangesSchema(NewScheduleSchema):
    """What is to be different."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"partial": True})


class ScheduleArgsSchema(Schema):
    """Which scheduled jobs."""

    enabled = fields.Boolean()
    limit = fields.Integer(load_default=1000, validate=validate.Range(min=1, max=1000))
    offset = fields.Integer(load_default=0, validate=validate.Range(min=0, max=LARGEST_OFFSET))


class ScheduledJobSchema(Schema):
    """A scheduled job."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    mode = fields.String(required=True)
    value = fields.String(required=True)
    limit = fields.Integer(required=True, allow_none=True)
    no_watermark = fields.Boolean(required=True)
    interval_minutes = fields.Integer(required=True, allow_none=True)
    enabled = fields.Boolean(required=True)
    last_run_at = Moment(required=True, allow_none=True)
    next_run_at = Moment(
        required=True, allow_none=True, metadata={"description": "null while it is switched off."}
    )
    total_runs = fields.Integer(required=True)
    successful_runs = fields.Integer(required=True, metadata={"description": "Their job was completed."})
    failed_runs = fields.Integer(required=True, metadata={"description": "Their job failed."})
    skipped_runs = fields.Integer(required=True, metadata={"description": "The last job still ran."})
    created_at = Moment(required=True)


class StatisticsSchema(Schema):
    """Your numbers. A post that several of your jobs found counts once."""

    total_jobs = fields.Integer(required=True)
    pending_jobs = fields.Integer(required=True)
    running_jobs = fields.Integer(required=True, metadata={"description": "Paused ones included."})
    completed_jobs = fields.Integer(required=True)
    failed_jobs = fields.Integer(required=True)
    cancelled_jobs = fields.Integer(required=True)
    total_videos = fields.Integer(required=True)
    downloaded_videos = fields.Integer(required=True)
    uploaded_videos = fields.Integer(required=True)
    failed_videos = fields.Integer(required=True)
    total_storage_bytes = fields.Integer(required=True)
    scheduled_jobs_count = fields.Integer(required=True)
    active_scheduled_jobs = fields.Integer(required=True)


class PartsSchema(Schema):
    """Which parts are there."""

    status = fields.String(
        required=True,
        validate=validate.OneOf(["healthy", "degraded", "unhealthy"]),
        metadata={"description": "degraded: no worker runs, or media are to go to Drive and can't."},
    )
    version = fields.String(required=True, metadata={"example": "1.0.0"})
    timestamp = Moment(required=True)
    database = fields.Boolean(required=True)
    google_drive = fields.Boolean(
        required=True, metadata={"description": "It is configured, and can be reached."}
    )
    scheduler = fields.Boolean(
        required=True, metadata={"description": "A worker runs, which starts jobs and schedules."}
    )
