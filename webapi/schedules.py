"""Schedules at the command line: `python -m webapi.schedules add NAME profile khaby.lame --cron "30 6 * * 1-5"`."""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace

from sqlalchemy import Engine

from store.config import Config
from store.jobs.kinds import KINDS
from store.schedules.history import list_runs
from store.schedules.schedule import (
    Overlap,
    ScheduleRequest,
    create_schedule,
    delete_schedule,
    get_schedule,
    list_schedules,
    switch_schedule,
)
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


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m webapi.schedules", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    adding = actions.add_parser("add", help="make a schedule")
    adding.add_argument("name")
    add_wish_arguments(adding, sorted(KINDS))
    adding.add_argument("--every", type=int, metavar="MINUTES", help="an interval, from 5 minutes on")
    adding.add_argument(
        "--cron", metavar="EXPRESSION", help='minute, hour, day, month, weekday: "30 6 * * 1-5"'
    )
    adding.add_argument("--time-zone", default="UTC", metavar="ZONE", help="of the expression: Europe/Berlin")
    adding.add_argument("--overlap", type=Overlap, choices=list(Overlap), default=Overlap.SKIP,
                        help="what to do while the last job still runs (default: skip)")  # fmt: skip
    adding.set_defaults(action=_add)
    listing = actions.add_parser("list", help="list schedules")
    listing.set_defaults(action=_list)
    for name, action, text in (
        ("show", _show, "show its last runs"),
        ("on", _switch_on, "switch it on"),
        ("off", _switch_off, "switch it off"),
        ("delete", _delete, "delete it; its jobs stay"),
    ):
        one = actions.add_parser(name, help=text)
        one.add_argument("id", type=job_id)
        one.set_defaults(action=action)
    given = parser.parse_args(arguments)
    return run_command("schedules", lambda config, engine: given.action(given, config, engine))


def _add(given: Namespace, config: Config, engine: Engine) -> None:
    vet_callback(given, config)
    request = ScheduleRequest(
        name=given.name,
        kind=given.kind,
        targets=given.targets,
        parameters=parameters_of(given),
        interval_minutes=given.every,
        cron=given.cron,
        time_zone=given.time_zone,
        overlap=given.overlap,
        priority=given.priority,
        callback_url=given.callback,
    )
    schedule = create_schedule(engine, request, utc_now())
    say(f"schedule {schedule.id}: next at {schedule.next_run_at:%Y-%m-%d %H:%M:%S} UTC")


def _list(_: Namespace, __: Config, engine: Engine) -> None:
    rows = [
        (one.id, one.name, one.kind, one.cron or f"every {one.interval_minutes} min", "on" if one.is_enabled else "off",
         one.next_run_at, one.last_run_at, one.total_runs)
        for one in list_schedules(engine)
    ]  # fmt: skip
    print_table(("schedule", "name", "kind", "when", "", "next", "last", "runs"), rows)


def _show(given: Namespace, _: Config, engine: Engine) -> None:
    schedule = get_schedule(engine, given.id)
    rows = [(run.due_at, run.state, run.job_id, run.reason) for run in list_runs(engine, schedule.id)]
    print_table(("due", "run", "job", "reason"), rows)


def _switch_on(given: Namespace, _: Config, engine: Engine) -> None:
    schedule = switch_schedule(engine, given.id, utc_now(), is_enabled=True)
    say(f"schedule {schedule.id} is on: next at {schedule.next_run_at:%Y-%m-%d %H:%M:%S} UTC")


def _switch_off(given: Namespace, _: Config, engine: Engine) -> None:
    schedule = switch_schedule(engine, given.id, utc_now(), is_enabled=False)
    say(f"schedule {schedule.id} is off")


def _delete(given: Namespace, _: Config, engine: Engine) -> None:
    delete_schedule(engine, given.id)
    say(f"schedule {given.id} is deleted")


if __name__ == "__main__":
    sys.exit(main())
