"""How far a job is, in the numbers that all families show."""

from __future__ import annotations

from datetime import datetime

from store.jobs.states import SUCCEEDED, JobState
from store.queries.jobs import JobView


def percent_of(view: JobView) -> int:
    """How much is done, from 0 to 100. Comments that are to follow are the second half of the work."""
    if view.state is JobState.COMPLETED:
        return 100
    own = 100 if view.job.state is JobState.COMPLETED else _listed(view)
    if view.sequel is None and not view.job.sequel:
        return own
    return (own + (view.sequel.percent if view.sequel else 0)) // 2


def total_videos(view: JobView) -> int:
    """As many as its list is said to have, but no more than were asked for."""
    if view.job.kind in ("video", "comments"):
        return max(view.progress.total, view.videos)
    if view.job.state is JobState.COMPLETED:
        return view.videos
    known = [n for n in (view.progress.declared, view.job.parameters.get("limit")) if n is not None]
    return max(min(known, default=0), view.videos)


def completed_at(view: JobView) -> datetime | None:
    """When it ended, its sequel included."""
    if view.state not in (JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED):
        return None
    return view.sequel.job.finished_at if view.sequel else view.job.finished_at


def problem_of(view: JobView) -> str | None:
    """Why it failed, or does not go on."""
    if view.state is JobState.CANCELLED:
        return "cancelled"
    if view.state is JobState.FAILED:
        own = view.reason or view.outcome if view.outcome not in SUCCEEDED else None
        job = view.sequel.job if view.sequel else view.job
        return own or job.reason or "failed"
    return view.job.reason if view.state is JobState.PAUSED else None


def _listed(view: JobView) -> int:
    total = total_videos(view)
    listed = min(99, 100 * view.videos // total) if total and view.progress.total == 1 else 0
    return max(view.progress.percent, listed)
