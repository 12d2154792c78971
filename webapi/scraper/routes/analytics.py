"""`/api/analytics`: sums, and what grew."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from store.jobs.arguments import moment
from store.queries.analytics import read_gains, read_overview
from webapi import current
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.limits.groups import BY_ADDRESS
from webapi.scraper.examples import OVERVIEW, TRENDS
from webapi.scraper.schemas import OverviewArgsSchema, OverviewSchema, TrendsArgsSchema, TrendsSchema
from webapi.services.errors import Unusable

ANALYTICS = FamilyBlueprint(
    "analytics", __name__, url_prefix="/api/analytics", limits=BY_ADDRESS, description="Sums and growth"
)

DAYS = {"day": 1, "week": 7, "month": 30}
SMALLEST = timedelta(microseconds=1)
DATE_LENGTH = len("2026-01-31")


@ANALYTICS.route("/overview")
@ANALYTICS.arguments(OverviewArgsSchema, location="query")
@ANALYTICS.sends(OverviewSchema, OVERVIEW)
@ANALYTICS.errors(401, 500)
def overview(given: dict[str, str]) -> dict[str, Any]:
    """Get overview analytics

    Of all posts, or of those uploaded in a time. Users are all profiles, or the authors of these posts.
    """
    since = _read("start_date", given.get("start_date"))
    until = _read("end_date", given.get("end_date"), is_end=True)
    if since and until and since >= until:
        raise Unusable("end_date: is before start_date; swap them or drop one")
    found = read_overview(current.engine(), since, until, current.now())
    start = since or found.first
    end = until - SMALLEST if until else found.last
    return {
        "total_videos": found.videos,
        "total_users": found.users,
        "total_views": found.views,
        "total_likes": found.likes,
        "avg_engagement_rate": found.engagement_rate,
        "date_range": {"start": _day(start), "end": _day(end)},
        "as_of": found.at,
    }


@ANALYTICS.route("/trends")
@ANALYTICS.arguments(TrendsArgsSchema, location="query")
@ANALYTICS.sends(TrendsSchema, TRENDS)
@ANALYTICS.errors(401, 500)
def trends(given: dict[str, str]) -> dict[str, Any]:
    """Get trending analysis

    What a metric gained on each of the last 1, 7 or 30 days (UTC), today included. Between two readings of a video it
    gained their difference; what the first reading shows counts on the day of the upload.
    """
    days = DAYS[given["period"]]
    today = current.now().date()
    start = datetime.combine(today - timedelta(days=days - 1), time(), UTC)
    gains = read_gains(current.engine(), given["metric"], days, today, start)
    return {
        "period": given["period"],
        "metric": given["metric"],
        "data": [
            {"date": gain.day.isoformat(), "value": gain.value, "videos": gain.videos} for gain in gains
        ],
    }


def _read(name: str, text: str | None, *, is_end: bool = False) -> datetime | None:
    """Read a moment; a date that ends a time includes its day."""
    if text is None:
        return None
    try:
        # A + in a query is a space.
        value = moment(name, text[:11] + text[11:].replace(" ", "+"))
        return value + (timedelta(days=1) if len(text) <= DATE_LENGTH else SMALLEST) if is_end else value
    except OverflowError:
        raise Unusable(f"{name}: {text!r} is too far away; write for example 2026-01-31") from None


def _day(value: datetime | None) -> str | None:
    return value.date().isoformat() if value else None
