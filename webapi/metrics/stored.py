"""What stands in the database, read when Prometheus asks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from store.errors import StoreError
from store.jobs.states import JobState
from store.queries.figures import Figures, read_figures

logger = logging.getLogger(__name__)

REMEMBERED_SECONDS = 5.0
"""However often somebody asks, the database is not asked more often than this."""


class StoredFigures(Collector):
    """The figures of the database as metrics; without any, but for one that says so, while it can't be read."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._lock = threading.Lock()
        self._read_at = -REMEMBERED_SECONDS
        self._figures: Figures | None = None

    def collect(self) -> Iterable[Metric]:
        """Tell them all."""
        figures = self._read()
        yield GaugeMetricFamily(
            "tiktok_database_up", "1 while the database answers", value=figures is not None
        )
        if figures:
            yield from _metrics(figures)

    def describe(self) -> Iterable[Metric]:
        """Let nobody ask the database when this is registered."""
        return []

    def _read(self) -> Figures | None:
        with self._lock:
            if time.monotonic() - self._read_at >= REMEMBERED_SECONDS:
                try:
                    self._figures = read_figures(self._engine, self._now())
                except (SQLAlchemyError, StoreError) as error:
                    logger.warning("No metrics of the database: %s", str(error).partition("\n")[0])
                    self._figures = None
                self._read_at = time.monotonic()
            return self._figures


def _metrics(figures: Figures) -> Iterator[Metric]:
    jobs = {str(state): figures.jobs.get(state, 0) for state in JobState}
    yield _gauges("tiktok_jobs", "Jobs", "state", jobs)
    yield _gauges(
        "tiktok_targets", "Targets of the newest 1,000 jobs that have ended", "outcome", figures.outcomes
    )
    yield _gauges("tiktok_callbacks", "Callbacks", "state", figures.callbacks)
    yield _gauges("tiktok_identities", "Identities", "state", figures.identities)
    yield GaugeMetricFamily("tiktok_workers", "Workers that are there", value=figures.workers)
    yield _gauges(
        "tiktok_queue_age_seconds",
        "How long the first in the queue has been due",
        "queue",
        figures.queue_ages_seconds,
    )
    yield CounterMetricFamily("tiktok_products_scraped", "Products of the shop", value=figures.products)
    answers = CounterMetricFamily(
        "tiktok_answers",
        "Answers of the site, by the route that asked and what they were",
        labels=["route", "verdict"],
    )
    for labels, count in figures.answers.items():
        answers.add_metric(labels, count)
    yield answers
    if figures.cookies_expiry_days is not None:
        yield GaugeMetricFamily(
            "tiktok_cookies_expiry_days",
            "Days until the first login of an account ends",
            value=figures.cookies_expiry_days,
        )


def _gauges(name: str, help_text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
