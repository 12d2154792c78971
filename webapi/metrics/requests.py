"""Counts and times the API's own requests."""

from __future__ import annotations

import re
import time
from functools import cache

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds. Live lookups may take up to their deadline."""
NOWHERE = "none"
"""Stands for all addresses at which there is nothing: whoever tries them shall not make names."""
PARAMETER = re.compile(r"<(?:[^<>:]*:)?(\w+)>")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def measure_requests(app: Flask, registry: CollectorRegistry) -> None:
    """Measure all requests of an application."""
    requests = Counter("tiktok_api_requests", "Requests answered", ["endpoint", "status"], registry=registry)
    seconds = Histogram(
        "tiktok_api_response_time_seconds",
        "Time until a request was answered",
        ["endpoint"],
        buckets=BUCKETS,
        registry=registry,
    )
    in_progress = Gauge(
        "tiktok_api_requests_in_progress",
        "Requests under way",
        multiprocess_mode="livesum",
        registry=registry,
    )

    @app.before_request
    def begin() -> None:
        g.measured_since = time.perf_counter()
        in_progress.inc()

    @app.after_request
    def end(response: Response) -> Response:
        name = endpoint_name()
        requests.labels(name, response.status_code).inc()
        if "measured_since" in g:
            seconds.labels(name).observe(time.perf_counter() - g.measured_since)
        return response

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        if g.pop("measured_since", None) is not None:
            in_progress.dec()


def endpoint_name() -> str:
    """The endpoint that was asked, as the documentation calls it: `GET /api/jobs/{job_id}`."""
    if not request.url_rule:
        return NOWHERE
    method = request.method if request.method in METHODS else NOWHERE
    return f"{method} {_documented(request.url_rule.rule)}"


@cache
def _documented(rule: str) -> str:
    return PARAMETER.sub(r"{\1}", rule)
