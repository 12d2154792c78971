"""Callbacks at the command line: `python -m webapi.callbacks list | show ID | replay ID | secret [CLIENT]`."""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace

from sqlalchemy import Engine

from store.callbacks.outbox import find, list_attempts, list_deliveries, replay
from store.callbacks.plan import DeliveryState
from store.callbacks.signing import SigningKeys, written
from store.config import Config
from webapi.terminal import print_table, run_command, say
from webapi.worker.task import utc_now


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m webapi.callbacks", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list callbacks, the newest first")
    listing.add_argument("--job", type=int, metavar="ID", help="only those of a job")
    listing.add_argument(
        "--state", type=DeliveryState, choices=list(DeliveryState), help="only those in a state"
    )
    listing.set_defaults(action=_list)
    for name, action, text in (
        ("show", _show, "show every attempt to deliver one"),
        ("replay", _replay, "deliver one again, with the id it had"),
    ):
        one = actions.add_parser(name, help=text)
        one.add_argument("id", help="its webhook-id")
        one.set_defaults(action=action)
    secret = actions.add_parser("secret", help="print what signs callbacks, the newest secret first")
    secret.add_argument("client", nargs="?", help="a client's id; without it, those of your own jobs")
    secret.set_defaults(action=_secret)
    given = parser.parse_args(arguments)
    return run_command("callbacks", lambda config, engine: given.action(given, config, engine))


def _list(given: Namespace, _: Config, engine: Engine) -> None:
    found = list_deliveries(engine, job_id=given.job, state=given.state)
    rows = [(one.uuid, one.job_id, one.state, one.attempts, one.due_at, one.url, one.reason) for one in found]
    print_table(("webhook-id", "job", "state", "attempts", "due", "to", "reason"), rows)


def _show(given: Namespace, _: Config, engine: Engine) -> None:
    with engine.connect() as connection:
        delivery = find(connection, given.id)
    say(f"{delivery.uuid} of job {delivery.job_id} to {delivery.url}: {delivery.state}")
    attempts = list_attempts(engine, delivery.id)
    rows = [(one.number, one.started_at, one.milliseconds, one.status, one.problem) for one in attempts]
    print_table(("attempt", "began", "ms", "status", "problem"), rows)


def _replay(given: Namespace, _: Config, engine: Engine) -> None:
    delivery = replay(engine, given.id, utc_now())
    say(f"{delivery.uuid} is due now; a worker delivers it")


def _secret(given: Namespace, config: Config, _: Engine) -> None:
    for secret in SigningKeys.load(config).of(given.client):
        say(written(secret))


if __name__ == "__main__":
    sys.exit(main())
