"""`/api/v1/tiktok/api/refresh`: having products crawled anew, and how that goes by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from webapi import current
from webapi.extensions.json import written
from webapi.limits.groups import SHOP, SHOP_REFRESH, limited_by
from webapi.services.plans import require_paid_plan
from webapi.services.shop_refresh import read_refresh_status, request_refresh
from webapi.shop.errors import ShopBlueprint
from webapi.shop.schemas import RefreshStatusSchema, ShopQueuedSchema, ShopRefreshArgsSchema

REFRESH = ShopBlueprint(
    "shop refresh",
    __name__,
    url_prefix="/api/v1/tiktok/api/refresh",
    limits=SHOP,
    description="Refreshing the shop",
)


@REFRESH.route("", methods=["POST"])
@limited_by(SHOP, SHOP_REFRESH)
@REFRESH.arguments(ShopRefreshArgsSchema, location="query")
@REFRESH.response(200, ShopQueuedSchema)
@REFRESH.errors(401, 403, 500)
def refresh(given: dict[str, Any]) -> dict[str, Any]:
    """Refresh products

    What is trending, or a category, is crawled in the background; `GET /api/jobs/{job_id}` says how far it is. Part of
    the plans Pro and Enterprise.
    """
    require_paid_plan(current.client())
    job = request_refresh(current.engine(), current.client().id, given["category"], current.now())
    return {
        "status": "queued",
        "message": "Refresh agendado em background",
        "category": given["category"],
        "job_id": job.id,
    }


@REFRESH.route("")
@REFRESH.response(200, RefreshStatusSchema)
@REFRESH.errors(401, 500)
def status() -> dict[str, Any]:
    """Get the status of refreshing

    Over all jobs of the shop, those of the schedules and those that were asked for.
    """
    found = read_refresh_status(current.engine(), current.now())
    return {
        "running": found.is_running,
        "last_scrape": _moment(found.last_scrape),
        "products_scraped": found.products_scraped,
        "errors": found.errors,
        "schedules": [
            {
                "name": schedule.name,
                "every_seconds": schedule.interval_seconds,
                "is_enabled": schedule.is_enabled,
                "last_run_at": _moment(schedule.last_run_at),
                "next_run_at": _moment(schedule.next_run_at),
            }
            for schedule in found.schedules
        ],
    }


def _moment(value: datetime | None) -> str | None:
    return written(value) if value else None
