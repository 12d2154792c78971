"""Jobs at the command line: `python -m webapi.jobs add bulk_profiles --file users.txt`, then `show`, `cancel`, …"""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from store.config import Config
from store.jobs.creation import JobRequest, create_job
from store.jobs.kinds import KINDS, find_kind
from store.jobs.lists import recent_jobs, shards_of
from store.jobs.progress import read_progress
from store.jobs.removal import delete_job
from store.jobs.retries import retry_failed
from store.jobs.services import cancel_job, pause_job, resume_job
from tiktok.usernames import entries_of
from webapi.terminal import (
    add_wish_arguments,
    job_id,
    parameters_of,
    print_table,
    run_command,
    say,
    vet_callback,
)
from webapi.worker.task import utc_now

CHANGES = {
    "cancel": (cancel_job, "end it after the batch in flight; what it found stays"),
    "pause": (pause_job, "let it rest until it is resumed"),
    "resume": (resume_job, "let it go on"),
    "retry": (retry_failed, "try again what was not answered"),
}


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m webapi.jobs", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    adding = actions.add_parser("add", help="make a job; a worker sends it to a crawl node")
    add_wish_arguments(adding, sorted(KINDS))
    adding.add_argument("--file", type=Path, help="targets, one per line")
    adding.set_defaults(action=_add)
    listing = actions.add_parser("list", help="list jobs, the newest first")
    listing.set_defaults(action=_list)
    for name, (_, text) in CHANGES.items():
        change = actions.add_parser(name, help=text)
        change.set_defaults(action=_change, change=name)
        change.add_argument("id", type=job_id)
    for name, action, text in (
        ("show", _show, "show how far it is, and who works on it"),
        ("delete", _delete, "delete it and its results; what was crawled stays"),
    ):
        one = actions.add_parser(name, help=text)
        one.set_defaults(action=action)
        one.add_argument("id", type=job_id)
    given = parser.parse_args(arguments)
    return run_command("jobs", lambda config, engine: given.action(given, config, engine))


def _add(given: Namespace, config: Config, engine: Engine) -> None:
    vet_callback(given, config)
    kind = find_kind(given.kind)
    request = JobRequest(
        kind=kind.name,
        parameters=kind.read_parameters(parameters_of(given)),
        priority=given.priority,
        callback_url=given.callback,
    )
    texts = _entries(given.file) if given.file else iter(given.targets)
    job = create_job(engine, request, kind.read_targets(texts, now=utc_now()), utc_now())
    say(f"job {job.id} ({job.uuid}): {job.targets_total:,} targets")


def _entries(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        yield from entries_of(lines)


def _list(_: Namespace, __: Config, engine: Engine) -> None:
    rows = [
        (job.id, job.kind, job.state, job.targets_total, job.created_at, job.reason)
        for job in recent_jobs(engine)
    ]
    print_table(("job", "kind", "state", "targets", "made", "reason"), rows)


def _show(given: Namespace, _: Config, engine: Engine) -> None:
    progress = read_progress(engine, given.id)
    job = progress.job
    say(f"job {job.id} ({job.kind}) is {job.state}{f': {job.reason}' if job.reason else ''}")
    say(f"{progress.done:,} of {progress.total:,} targets done, {progress.percent} %")
    for outcome, count in sorted(progress.outcomes.items()):
        say(f"  {outcome}: {count:,}")
    rows = [
        (one.number, one.state, one.attempt, one.node, one.pid, one.heartbeat_at, one.finish_reason)
        for one in shards_of(engine, job.id)
    ]
    print_table(("shard", "state", "attempt", "node", "process", "last heard", "ended"), rows)


def _change(given: Namespace, _: Config, engine: Engine) -> None:
    change, _text = CHANGES[given.change]
    job = change(engine, given.id, utc_now())
    say(f"job {job.id} is {job.state}{f': {job.reason}' if job.reason else ''}")


def _delete(given: Namespace, _: Config, engine: Engine) -> None:
    delete_job(engine, given.id)
    say(f"job {given.id} is deleted")


if __name__ == "__main__":
    sys.exit(main())
