"""Brings the shop's cache up to date when a refresh has ended, and keeps the refreshes' schedules."""

from __future__ import annotations

import logging

from sqlalchemy import select

from store.errors import CacheLost, ScheduleRefused
from store.jobs.results import read_results
from store.jobs.sequels import drop_sequel
from store.jobs.states import JOB_ENDS, SUCCEEDED
from store.models.jobs import JOBS
from webapi.services.errors import ServiceError
from webapi.services.shop_products import DEFAULT_RESULTS, ShopProducts, trending_tag
from webapi.services.shop_refresh import SEQUEL, category_of, keep_schedules
from webapi.shop.documents import answer_document
from webapi.worker.task import Task, Tools

logger = logging.getLogger(__name__)

AT_ONCE = 5


class ShopCache(Task):
    """What was found anew is told anew. Done twice, by two workers, it does no harm."""

    pause_seconds = 1.0

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._products = ShopProducts(self.config, answer_document)
        self._has_schedules = False

    def run(self) -> bool:
        if not self._has_schedules:
            self._keep_schedules()
            self._has_schedules = True
        wanted = select(JOBS.c.id).where(JOBS.c.sequel == SEQUEL, JOBS.c.state.in_(JOB_ENDS)).limit(AT_ONCE)
        with self.engine.connect() as connection:
            ended = list(connection.scalars(wanted))
        for job_id in ended:
            for result in read_results(self.engine, job_id):
                if result.outcome in SUCCEEDED:
                    self._refresh(category_of(result.given))
            drop_sequel(self.engine, job_id)
        return len(ended) == AT_ONCE

    def stop(self) -> None:
        self._products.close()

    def _keep_schedules(self) -> None:
        try:
            keep_schedules(self.engine, self.config, self.now())
        except ScheduleRefused as error:
            logger.warning("CATEGORIES_TO_SCRAPE is left alone: %s", error)

    def _refresh(self, category: str | None) -> None:
        """Ask for the answer that most callers want; all others are found anew by the next who asks."""
        try:
            self._products.cache.expire(trending_tag(category))
            self._products.trending(category, DEFAULT_RESULTS, use_cache=False)
        except (CacheLost, ServiceError) as error:
            # The old answer goes on to serve where no new one is to be had.
            logger.warning("What is trending (%s) could not be refreshed: %s", category or "all", error)
