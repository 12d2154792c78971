"""`/health`: says that we are up, without asking anybody."""

from __future__ import annotations

from typing import Any

from webapi import current
from webapi.auth.guard import open_to_all
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.limits import groups
from webapi.scraper import examples
from webapi.scraper.schemas import HealthSchema

HEALTH = FamilyBlueprint("health", __name__, limits=groups.HEALTH, description="Whether the API is up")


@HEALTH.route("/health")
@open_to_all
@HEALTH.doc(security=[])
@HEALTH.response(200, HealthSchema, example=examples.HEALTH)
def health() -> dict[str, Any]:
    """Check if the API is running"""
    return {"status": "healthy", "timestamp": current.now()}
