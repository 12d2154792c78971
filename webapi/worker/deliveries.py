"""Delivers callbacks, several at once: a slow receiver holds up only its own."""

from __future__ import annotations

import logging
import threading
import time

from store.callbacks.delivery import Courier
from store.callbacks.outbox import Delivery, Outbox
from store.callbacks.signing import SigningKeys
from store.jobs.errors import JobNotFound
from store.outbound.guard import Guard
from store.transactions import TROUBLE
from webapi.profiles.documents import callback_body
from webapi.worker.task import Task, Tools

logger = logging.getLogger(__name__)

AT_ONCE = 8
LAST_SECONDS = 6.0
"""What is under way when we are to stop has so long to end; then somebody else delivers it, again."""


class Deliveries(Task):
    """Callbacks to receivers."""

    pause_seconds = 0.5

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        config = tools.config
        self._outbox = Outbox(self.engine, self.holder)
        self._courier = Courier(
            outbox=self._outbox,
            guard=Guard.load(config),
            keys=SigningKeys.load(config),
            body=lambda job_id: callback_body(self.engine, job_id),
            directory=config.make_data_dir(),
            now=self.now,
        )
        self._under_way: dict[threading.Thread, Delivery] = {}

    def run(self) -> bool:
        self._forget_ended()
        for delivery in self._outbox.take(self.now(), AT_ONCE - len(self._under_way)):
            # A daemon: a receiver that never answers can't keep the process from ending.
            thread = threading.Thread(target=self._deliver, args=[delivery], daemon=True, name="delivery")
            self._under_way[thread] = delivery
            thread.start()
        return False

    def stop(self) -> None:
        deadline = time.monotonic() + LAST_SECONDS
        for thread in self._under_way:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._forget_ended()
        self._outbox.give_back(list(self._under_way.values()))

    def _forget_ended(self) -> None:
        self._under_way = {thread: one for thread, one in self._under_way.items() if thread.is_alive()}

    def _deliver(self, delivery: Delivery) -> None:
        try:
            state = self._courier.deliver(delivery)
        except TROUBLE as error:
            # Its lease runs out; whoever takes it then tries again.
            logger.warning("Callback %s waits for the database: %s", delivery.uuid, error)
        except JobNotFound as error:
            logger.info("Callback %s went with its job: %s", delivery.uuid, error)
        else:
            logger.info("Callback %s of job %d: %s", delivery.uuid, delivery.job_id, state)
