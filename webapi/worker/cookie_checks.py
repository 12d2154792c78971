"""Has logins renewed that end soon, and announces those that could not be."""

from __future__ import annotations

import logging
from datetime import timedelta

from store.chores import put_off_chore, take_chore
from store.identities.renewals import DueAccount, due_accounts
from webapi.worker.nodes import NodeRefused, Nodes, NodeSilent
from webapi.worker.task import Task, Tools

logger = logging.getLogger(__name__)

CHORE = "cookie checks"
DAILY = timedelta(days=1)
SOON = timedelta(minutes=5)
"""Until the next try where no node took it."""
SPIDER = "renewal"
PRIORITY = 10
"""Before crawls that wait: a few visits hold nobody up for long."""


class CookieChecks(Task):
    """Once a day, by one worker of all: accounts that end within a week to a node with a browser."""

    pause_seconds = 60.0

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._nodes = Nodes.load(tools.config)
        self._announced: set[DueAccount] = set()

    def run(self) -> bool:
        due = due_accounts(self.engine, self.now())
        self._announce(due)
        if due and take_chore(self.engine, CHORE, self.now(), DAILY) and not self._start_renewal():
            put_off_chore(self.engine, CHORE, self.now() + SOON)
        return False

    def stop(self) -> None:
        self._nodes.close()

    def _announce(self, due: list[DueAccount]) -> None:
        """Say of each account once why it was not renewed, and again when that changes."""
        failed = {account for account in due if account.trouble}
        for one in failed - self._announced:
            logger.warning(
                "Account %s (identity %d) ends %s and was not renewed: %s; log in again and import its cookies anew",
                one.label, one.id, one.expires_at, one.trouble,
            )  # fmt: skip
        self._announced = failed

    def _start_renewal(self) -> bool:
        """Give it to the node that has least to do; say whether it was taken."""
        loads = self._nodes.loads()
        if not loads:
            logger.warning("No node answers that could renew logins")
            return False
        node = min(loads, key=lambda one: (loads[one].waiting, loads[one].running))
        try:
            node.start(SPIDER, f"{SPIDER}.{self.now():%Y-%m-%dT%H%M%S}", PRIORITY, {})
        except (NodeSilent, NodeRefused) as trouble:
            logger.warning("Logins wait for their renewal: %s", trouble)
            return False
        logger.info("Renewal of logins given to %s", node.url)
        return True
