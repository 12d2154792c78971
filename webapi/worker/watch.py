"""Watches the processes that crawl: those that fell silent are replaced, those that won't stop are ended."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from store.jobs.dispatch import recover_lost_shards, settle
from store.jobs.queues import still_waits, waiting_shards
from store.jobs.rows import Shard
from store.jobs.services import cancel_waiting_shards, overdue_shards
from webapi.worker.nodes import Nodes, told
from webapi.worker.task import Task, Tools

logger = logging.getLogger(__name__)

MOST = 100
ASK_AFTER = timedelta(seconds=10)
"""When a shard that was scheduled has not started by then, its node is asked about it."""
PATIENCE = timedelta(seconds=60)
"""A shard that is neither started nor in its node's queue for so long is lost."""
JUMP = timedelta(seconds=5)
"""By which this machine's clock may differ from its count of seconds; more means that somebody set it."""


class Watch(Task):
    """Heartbeats and cancellations."""

    pause_seconds = 2.0

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._nodes = Nodes.load(tools.config)
        self._silence = timedelta(seconds=tools.config.heartbeat_silence_seconds)
        self._grace = timedelta(seconds=tools.config.cancel_grace_seconds)
        self._last = (self.now(), self.seconds())
        self._quiet_until = self.seconds()

    def run(self) -> bool:
        self._notice_a_set_clock()
        self._ask_for_waiting()
        cancel_waiting_shards(self.engine, self.now(), MOST)
        overdue = overdue_shards(self.engine, self.now(), self._grace, MOST)
        for shard in overdue:
            settle(
                self.engine, shard.id, shard.attempt, "ended by force: it did not stop in time", self.now()
            )
        lost = self._recover()
        for shard in lost:
            logger.warning(
                "Shard %d of job %d lost its process, attempt %d", shard.number, shard.job_id, shard.attempt
            )
        self._kill([*overdue, *lost])
        return len(lost) == MOST

    def database_came_back(self) -> None:
        """Those who live could not say so, either: give them time to."""
        self._quiet_until = self.seconds() + self._silence.total_seconds()

    def stop(self) -> None:
        self._nodes.close()

    def _notice_a_set_clock(self) -> None:
        now, seconds = self.now(), self.seconds()
        jump = (now - self._last[0]) - timedelta(seconds=seconds - self._last[1])
        self._last = (now, seconds)
        if abs(jump) > JUMP:
            logger.warning("The clock was set by %s: heartbeats are not judged for a while", jump)
            self.database_came_back()

    def _recover(self) -> list[Shard]:
        if self.seconds() < self._quiet_until:
            return []
        return recover_lost_shards(
            self.engine, self.now(), silence=self._silence, patience=PATIENCE, most=MOST
        )

    def _ask_for_waiting(self) -> None:
        """A shard in the queue of a busy node is not lost, however long it waits."""
        for shard in waiting_shards(self.engine, self.now() - ASK_AFTER):
            node = self._nodes[shard.node or ""]
            if node and shard.scrapyd_job and not node.is_resting():
                with told():
                    if node.has_waiting(shard.scrapyd_job):
                        still_waits(self.engine, shard.id, shard.attempt, self.now())

    def _kill(self, shards: Iterable[Shard]) -> None:
        """Free the slots of processes that nobody listens to any more."""
        for shard in shards:
            node = self._nodes[shard.node or ""]
            if node and shard.scrapyd_job and not node.is_resting():
                with told():
                    node.kill(shard.scrapyd_job)
