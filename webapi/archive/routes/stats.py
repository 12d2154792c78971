"""`/api/v1/stats`: a client's numbers, and whether the parts that jobs need are there."""

from __future__ import annotations

from typing import Any, cast

from flask import current_app

from store.jobs.states import JobState
from store.queries.statistics import read_statistics
from webapi import current
from webapi.archive.blueprints import ArchiveBlueprint
from webapi.archive.documents import STATUSES
from webapi.archive.schedule_schemas import PartsSchema, StatisticsSchema
from webapi.limits.groups import ARCHIVE
from webapi.services.health import HealthChecks

STATS = ArchiveBlueprint(
    "stats", __name__, url_prefix="/api/v1/stats", description="Your numbers, and our health", limits=ARCHIVE
)
VERSION = "1.0.0"
"""Of this family's document."""
CHECKS = "archive.health"


@STATS.route("")
@STATS.response(200, StatisticsSchema)
@STATS.errors(401, 500)
def totals() -> dict[str, int]:
    """Get statistics

    Of your own jobs, posts and schedules.
    """
    found = read_statistics(current.engine(), current.client().id)
    jobs: dict[str, list[JobState]] = STATUSES
    counts = {f"{status}_jobs": sum(found.jobs[state] for state in states) for status, states in jobs.items()}
    return counts | {
        "total_jobs": sum(found.jobs.values()),
        "total_videos": found.videos,
        "downloaded_videos": found.downloaded,
        "uploaded_videos": found.uploaded,
        "failed_videos": found.failed,
        "total_storage_bytes": found.bytes,
        "scheduled_jobs_count": found.schedules,
        "active_scheduled_jobs": found.enabled_schedules,
    }


@STATS.route("/health")
@STATS.response(200, PartsSchema)
@STATS.errors(401, 500)
def health() -> dict[str, Any]:
    """Check the parts

    Each is asked for real; one that does not answer within two seconds counts as away.
    """
    found = _checks().read()
    return {
        "status": found.status,
        "version": VERSION,
        "timestamp": current.now(),
        "database": found.database,
        "google_drive": found.google_drive,
        "scheduler": found.scheduler,
    }


def _checks() -> HealthChecks:
    if CHECKS not in current_app.extensions:
        current_app.extensions[CHECKS] = HealthChecks(current.config(), current.engine())
    return cast("HealthChecks", current_app.extensions[CHECKS])
