"""Sends shards that are due to the nodes, each to the one that has least to do."""

from __future__ import annotations

import logging
from datetime import timedelta

from store.jobs.dispatch import give_back, is_any_due, mark_scheduled, shards_to_schedule
from store.jobs.rows import Shard
from store.jobs.services import get_job
from webapi.worker.nodes import Load, Node, NodeRefused, Nodes, NodeSilent
from webapi.worker.task import Task, Tools

logger = logging.getLogger(__name__)

WAITING_PER_NODE = 2
"""Crawls that a node keeps in its queue. What waits there can't go to another node that gets free first."""
SOON = timedelta(seconds=2)
FULL_SECONDS = 1.0
"""Until the nodes are asked again, when none of them had room."""
LATER = timedelta(seconds=30)
"""Until a shard is offered again that a node did not take, or refused."""


class Dispatch(Task):
    """Shards to nodes."""

    pause_seconds = 0.2

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._nodes = Nodes.load(tools.config)
        self._full_until = 0.0

    def run(self) -> bool:
        if self.seconds() < self._full_until or not is_any_due(self.engine, self.now()):
            return False
        loads = {node: load for node, load in self._nodes.loads().items() if _room(load)}
        room = sum(map(_room, loads.values()))
        if not room:
            self._full_until = self.seconds() + FULL_SECONDS
            return False
        for shard in shards_to_schedule(self.engine, self.holder, self.now(), room):
            node = min(loads, key=lambda one: (loads[one].waiting, loads[one].running), default=None)
            if node is None:
                give_back(self.engine, self.holder, [shard.id], self.now() + SOON)
            elif self._send(shard, node):
                loads[node] = Load(loads[node].waiting + 1, loads[node].running)
            else:
                del loads[node]
        return False

    def stop(self) -> None:
        self._nodes.close()

    def _send(self, shard: Shard, node: Node) -> bool:
        job = get_job(self.engine, shard.job_id)
        name = f"{shard.job_id}.{shard.number}.{shard.attempt}"
        try:
            node.start(job.kind, name, job.priority, {"shard": shard.id, "attempt": shard.attempt})
        except (NodeSilent, NodeRefused) as trouble:
            # A silent one may have taken it all the same: then that process finds its attempt outdated, and ends.
            logger.warning("Shard %d was not taken: %s", shard.id, trouble)
            wait = SOON if isinstance(trouble, NodeSilent) else LATER
            give_back(self.engine, self.holder, [shard.id], self.now() + wait)
            return False
        mark_scheduled(self.engine, shard.id, shard.attempt, self.now(), node=node.url, scrapyd_job=name)
        logger.info("Shard %d of job %d: attempt %d at %s", shard.number, job.id, shard.attempt, node.url)
        return True


def _room(load: Load) -> int:
    return max(0, WAITING_PER_NODE - load.waiting)
