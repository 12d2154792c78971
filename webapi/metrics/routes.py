"""`/metrics`, for those who run this installation."""

from __future__ import annotations

import os
from typing import cast

from flask import Flask, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from store.cache import open_cache
from store.clients.client import Role
from webapi import current
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.metrics.cached import CacheFigures
from webapi.metrics.processes import VARIABLE
from webapi.metrics.requests import measure_requests
from webapi.metrics.stored import StoredFigures
from webapi.services.errors import Forbidden

METRICS = FamilyBlueprint("metrics", __name__, description="For the operator's Prometheus")

EXTENSION = "metrics"
CACHES = ("live", "shop")
"""Each API that keeps answers has a room of its own in the cache."""
READERS = frozenset({Role.ADMIN, Role.METRICS})


def measure(app: Flask) -> None:
    """Measure an application from now on."""
    own = CollectorRegistry(auto_describe=False)
    measure_requests(app, own)
    told = own
    if VARIABLE in os.environ:
        # Of all processes; `own` would be this one alone.
        told = CollectorRegistry()
        MultiProcessCollector(told)  # type: ignore[no-untyped-call]  # the library left it out
    with app.app_context():
        told.register(StoredFigures(current.engine(), current.now))
        told.register(CacheFigures({name: open_cache(current.config(), name) for name in CACHES}))
    app.extensions[EXTENSION] = told


@METRICS.route("/metrics")
@METRICS.response(200, {"type": "string"}, content_type="text/plain")
@METRICS.errors(401, 403, 500)
def show() -> Response:
    """Get metrics

    In Prometheus's text format, for clients with the role `metrics` or `admin`.
    """
    if not READERS & current.client().roles:
        raise Forbidden("/metrics is for clients with the role metrics or admin")
    registry = cast("CollectorRegistry", current_app.extensions[EXTENSION])
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
