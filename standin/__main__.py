"""`python -m standin`: serve the pretend site, or name accounts that exist in it."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Sequence

from aiohttp import web

from standin.application import build_application
from standin.faults.rules import BadFaultError, Fault, FaultRules, read_fault
from standin.memory import collect_seldom, keep_freed_memory
from standin.site import Settings, Site
from standin.world.accounts import EPOCH
from standin.world.cast import DAY_SECONDS
from standin.world.landmarks import landmarks
from standin.world.population import World

USERS = 1_000
SEED = 7

_FAULT_HELP = (
    "trouble from the start, as kind@path (rate_limit@/api/*) or as JSON with the fields of docs/standin.md; "
    "may be given several times"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    options = _parser().parse_args(arguments)
    world = World(options.seed, options.users)
    if options.command == "usernames":
        return _name_users(world, options.number)
    if options.command == "landmarks":
        sys.stdout.write(json.dumps(landmarks(world), indent=1, ensure_ascii=False) + "\n")
        return 0
    site = Site(world, Settings(day=options.day), FaultRules(options.fault))
    asyncio.run(_serve(site, options.host, options.port))
    return 0


def _parser() -> argparse.ArgumentParser:
    population, same = _population(USERS, SEED), _population(argparse.SUPPRESS, argparse.SUPPRESS)
    parser = argparse.ArgumentParser(prog="python -m standin", description=__doc__, parents=[population])
    parser.set_defaults(command="serve")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=_count, default=0, help="port, 0 for a free one (default)")
    parser.add_argument(
        "--day", type=_day, default=0, help="days since the population's epoch, or `today` (default 0)"
    )
    parser.add_argument("--fault", type=_fault, action="append", default=[], metavar="RULE", help=_FAULT_HELP)
    commands = parser.add_subparsers()
    usernames = commands.add_parser("usernames", help="print usernames that exist", parents=[same])
    usernames.add_argument("number", type=_count, metavar="N")
    usernames.set_defaults(command="usernames")
    landmarks = commands.add_parser("landmarks", help="print addresses that exist, as JSON", parents=[same])
    landmarks.set_defaults(command="landmarks")
    return parser


def _population(users: object, seed: object) -> argparse.ArgumentParser:
    """Return the options that say who exists; after a command they have no defaults, so none is overridden."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--users", type=_count, default=users, help=f"ordinary accounts (default {USERS})")
    options.add_argument("--seed", type=int, default=seed, help=f"decides who they are (default {SEED})")
    return options


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def _day(text: str) -> int:
    """Read a day; `today` lets the population keep up with the calendar."""
    return max(0, (int(time.time()) - EPOCH) // DAY_SECONDS) if text == "today" else _count(text)


def _fault(text: str) -> Fault:
    """Read a rule: JSON, or `kind@path`."""
    kind, _, path = text.partition("@")
    try:
        return read_fault(json.loads(text) if text.startswith("{") else {"kind": kind, "path": path or "*"})
    except (BadFaultError, json.JSONDecodeError, TypeError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _name_users(world: World, number: int) -> int:
    if number > world.users:
        sys.stderr.write(f"there are only {world.users} ordinary accounts; ask for more with --users\n")
        return 2
    for username in world.ordinary_usernames(number):
        sys.stdout.write(f"{username}\n")
    return 0


async def _serve(site: Site, host: str, port: int) -> None:
    keep_freed_memory()
    collect_seldom()
    runner = web.AppRunner(build_application(site), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        sys.stdout.write(f"standin listening on http://{host}:{runner.addresses[0][1]}\n")
        sys.stdout.flush()
        await _until_told_to_stop()
    finally:
        await runner.cleanup()


async def _until_told_to_stop() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
