"""`python -m standin`: serve the pretend site, or name accounts that exist in it."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from aiohttp import web

from standin.application import build_application
from standin.site import Settings, Site
from standin.world.population import World

USERS = 1_000
SEED = 7


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    options = _parser().parse_args(arguments)
    world = World(options.seed, options.users)
    if options.command == "usernames":
        return _name_users(world, options.number)
    asyncio.run(_serve(Site(world, Settings(day=options.day)), options.host, options.port))
    return 0


def _parser() -> argparse.ArgumentParser:
    population = argparse.ArgumentParser(add_help=False)
    population.add_argument(
        "--users", type=_count, default=USERS, help=f"ordinary accounts (default {USERS})"
    )
    population.add_argument("--seed", type=int, default=SEED, help=f"decides who they are (default {SEED})")
    parser = argparse.ArgumentParser(prog="python -m standin", description=__doc__, parents=[population])
    parser.set_defaults(command="serve")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=_count, default=0, help="port, 0 for a free one (default)")
    parser.add_argument("--day", type=_count, default=0, help="days since the population's epoch (default 0)")
    commands = parser.add_subparsers()
    usernames = commands.add_parser("usernames", help="print usernames that exist", parents=[population])
    usernames.add_argument("number", type=_count, metavar="N")
    usernames.set_defaults(command="usernames")
    return parser


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def _name_users(world: World, number: int) -> int:
    if number > world.users:
        sys.stderr.write(f"there are only {world.users} ordinary accounts; ask for more with --users\n")
        return 2
    for username in world.ordinary_usernames(number):
        sys.stdout.write(f"{username}\n")
    return 0


async def _serve(site: Site, host: str, port: int) -> None:
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
