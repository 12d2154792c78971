"""How fast a job of a million targets gets into MariaDB, against PyMySQL's `executemany` alone.

    python -m benchmarks.ledger [--targets 1000000] [--url mysql://root@127.0.0.1:3306/]

Our side is `create_job`: it reads usernames as people write them, finds duplicates, cuts the ledger into shards.
The baseline's rows are the same and lie ready as tuples, in an equal table; it writes each batch right after our
side. Then the benchmark asks what is asked all the
time: how far the job is, and for the next ten targets. Prints one JSON line; `ratio` is our rows per second
divided by the baseline's.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pymysql  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import Engine

from benchmarks.databases import fresh_database
from store.jobs.claims import Claim, Process, claim_shard, heartbeat
from store.jobs.creation import JobRequest, create_job
from store.jobs.dispatch import mark_scheduled, shards_to_schedule
from store.jobs.filling import BATCH, COLUMNS
from store.jobs.kinds import KINDS
from store.jobs.ledger import Finding, finalise, open_targets
from store.jobs.progress import read_progress
from store.jobs.results import read_results
from store.jobs.rows import Job

CRAWLED = 10
"""Targets per batch, as bulk jobs crawl by default."""
INSERT = f"INSERT INTO job_targets ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608  # constants
PAGE = f"SELECT {', '.join(COLUMNS)} FROM job_targets WHERE job_id = 1 AND position > %s ORDER BY position LIMIT %s"  # noqa: S608  # constants
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_."


def usernames(count: int) -> Iterator[str]:
    """Names as they come: in no order, one in a hundred a duplicate, one in a thousand none at all."""
    dice = random.Random(7)  # noqa: S311  # a seeded population, no cryptography
    last = "first"
    for number in range(count):
        if number % 1_000 == 999:
            yield "not a name"
        elif number % 100 == 99:
            yield last
        else:
            last = "@" + "".join(dice.choices(LETTERS, k=dice.randrange(8, 20))) + "x"
            yield last


class Baseline:
    """PyMySQL and nothing else, which writes each batch of ours right after us: both meet the same machine."""

    def __init__(self, ours: Engine, theirs: Engine) -> None:
        self.source, self.target = connect(ours), connect(theirs)
        self.seconds = 0.0
        """Spent on writing."""
        self.seconds_in_all = 0.0
        """With reading what to write."""
        self.after = 0

    def write(self) -> None:
        """Write the rows that our side has written since the last time."""
        began = time.perf_counter()
        with self.source.cursor() as reader, self.target.cursor() as writer:
            reader.execute(PAGE, (self.after, BATCH))
            rows = reader.fetchall()
            self.source.commit()
            self.after = rows[-1][1]
            started = time.perf_counter()
            writer.executemany(INSERT, rows)
            self.target.commit()
        ended = time.perf_counter()
        self.seconds += ended - started
        self.seconds_in_all += ended - began


def in_turns(names: Iterator[str], baseline: Baseline) -> Iterator[str]:
    """Let the baseline take its turn whenever our side asks for the next batch."""
    for number, name in enumerate(names):
        if number and number % BATCH == 0:
            baseline.write()
        yield name


def fill(engine: Engine, baseline: Baseline, count: int) -> tuple[Job, float]:
    """Make the job; return it and the seconds that took our side."""
    started = time.perf_counter()
    request = JobRequest(kind="bulk_profiles", client_id="bench", is_exclusive=True)
    wanted = KINDS["bulk_profiles"].read_targets(in_turns(usernames(count), baseline))
    job = create_job(engine, request, wanted, datetime.now(UTC))
    seconds = time.perf_counter() - started - baseline.seconds_in_all
    baseline.write()
    return job, seconds


def connect(engine: Engine) -> Any:
    """PyMySQL and nothing else."""
    url = engine.url
    return pymysql.connect(
        host=url.host,
        port=url.port or 3306,
        user=url.username,
        password=url.password or "",
        database=url.database,
    )


def begin(engine: Engine) -> Claim:
    """Be the worker and the process of the next shard."""
    now = datetime.now(UTC)
    (shard,) = shards_to_schedule(engine, "bench", now, 1)
    mark_scheduled(engine, shard.id, shard.attempt, now, node="bench", scrapyd_job="bench")
    return claim_shard(engine, shard.id, shard.attempt, Process(host="bench", pid=1, started_at=now), now)


def crawl(engine: Engine, claim: Claim) -> dict[str, float]:
    """Work through a shard batch by batch; return the median milliseconds of each question."""
    taken: defaultdict[str, list[float]] = defaultdict(list)

    def timed(name: str, ask: Callable[..., Any], *arguments: Any) -> Any:
        started = time.perf_counter()
        answer = ask(engine, *arguments)
        taken[name].append((time.perf_counter() - started) * 1000)
        return answer

    shard, after = claim.shard, 0
    ours = (shard.id, shard.attempt)
    while batch := timed("next_batch", open_targets, shard, after, CRAWLED):
        findings = [Finding(position=row.position, outcome="ok", record_id="7") for row in batch]
        timed("finalise", finalise, *ours, findings, datetime.now(UTC))
        timed("heartbeat", heartbeat, *ours, datetime.now(UTC))
        timed("progress", read_progress, claim.job.id)
        timed("results", read_results, claim.job.id, after, CRAWLED)
        after = batch[-1].position
    return {f"{name}_ms": round(statistics.median(times), 2) for name, times in taken.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--targets", type=int, default=1_000_000)
    parser.add_argument("--url", default="mysql://root@127.0.0.1:3306/")
    arguments = parser.parse_args()
    with fresh_database(arguments.url) as ours, fresh_database(arguments.url) as theirs:
        baseline = Baseline(ours, theirs)
        job, seconds = fill(ours, baseline, arguments.targets)
        claims = [begin(ours) for _ in range(2)]
        questions = crawl(ours, claims[-1])
        progress = read_progress(ours, job.id)
    assert job.targets_total == arguments.targets
    assert progress.done > progress.succeeded > 0
    print(
        json.dumps(
            {
                "benchmark": "ledger",
                "ratio": round(baseline.seconds / seconds, 2),
                "targets": arguments.targets,
                "seconds": round(seconds, 1),
                "baseline_seconds": round(baseline.seconds, 1),
                **questions,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
