"""Processes that take a job's shard through its steps and are killed after one of them: `mortal.py URL`.

One child per step, in the order of the jobs that wait.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping

from sqlalchemy import Connection

from store.engine import open_engine
from store.jobs.claims import claim_shard, end_shard
from store.jobs.dispatch import mark_scheduled, shards_to_schedule
from store.jobs.endings import settle_shard
from store.jobs.ledger import Finding, finalise, finalise_in
from store.jobs.rows import lock_shard
from store.transactions import in_transaction
from tests.store.factories import NOON
from tests.store.jobs.samples import PROCESS

STEPS: Mapping[str, int] = {
    "taken": 0,
    "scheduled": 0,
    "claimed": 0,
    "half finalised": 3,
    "finalised, not committed": 3,
    "all finalised": 6,
    "ended, not committed": 6,
    "ended": 6,
}
"""After which step the process is killed, and how many targets it has done by then."""


def live(url: str, last: str) -> None:
    engine = open_engine(url)

    def reach(step: str) -> None:
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)

    (shard,) = shards_to_schedule(engine, "mortal", NOON, 1)
    ours = (shard.id, shard.attempt)
    reach("taken")
    mark_scheduled(engine, *ours, NOON, node="http://node", scrapyd_job="x")
    reach("scheduled")
    claim_shard(engine, *ours, PROCESS, NOON)
    reach("claimed")
    findings = [Finding(position=position, outcome="ok") for position in range(1, 7)]
    finalise(engine, *ours, findings[:3], NOON)
    reach("half finalised")

    def finalise_rest(connection: Connection) -> None:
        finalise_in(connection, *ours, findings[3:], NOON)
        reach("finalised, not committed")

    in_transaction(engine, finalise_rest)
    reach("all finalised")

    def end(connection: Connection) -> None:
        found = lock_shard(connection, shard.id)
        assert found
        settle_shard(connection, *found, "finished", NOON, is_failure=False)
        reach("ended, not committed")

    if last == "ended, not committed":
        in_transaction(engine, end)
    end_shard(engine, *ours, "finished", NOON)
    reach("ended")


if __name__ == "__main__":
    for step in STEPS:
        child = os.fork()
        if not child:
            live(sys.argv[1], step)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"nobody was killed after {step!r}"
