"""`python -m standin`: serve the pretend site, name what exists in it, hand out a login, or serve a proxy."""

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
from standin.certificate import tls_context
from standin.faults.rules import FaultRules
from standin.logins import login_cookies
from standin.memory import collect_seldom, keep_freed_memory
from standin.options import build_parser
from standin.proxy.__main__ import main as serve_proxy
from standin.site import Site
from standin.world.landmarks import landmarks
from standin.world.population import World


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["proxy"]:
        return serve_proxy(arguments[1:])
    options = build_parser(__doc__).parse_args(arguments)
    world = World(options.seed, options.users, options.products)
    if options.command == "usernames":
        return _name_users(world, options.number)
    if options.command == "products":
        return _name_products(world, options.number)
    if options.command == "landmarks":
        return _print_json(landmarks(world))
    if options.command == "login":
        return _print_json(_login(options))
    settings = options.settings if options.day is None else options.settings.changed({"day": options.day})
    site = Site(world, settings, FaultRules(options.fault), origin=options.origin)
    asyncio.run(_serve(site, options.host, options.port, options.tls_port))
    return 0


def _print_json(value: object) -> int:
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
    return 0


def _login(options: argparse.Namespace) -> list[dict[str, object]]:
    """Return the cookies of a login as the browser extension Cookie-Editor exports them."""
    now = int(time.time())
    shared = {"domain": options.domain, "path": "/", "hostOnly": False, "httpOnly": True, "secure": False,
              "session": False}  # fmt: skip
    return [
        {
            "name": cookie.name,
            "value": cookie.value,
            "expirationDate": now + cookie.lifetime_seconds,
            **shared,
        }
        for cookie in login_cookies(options.seed, options.number, now, options.days)
    ]


def _name_users(world: World, number: int) -> int:
    if number > world.users:
        sys.stderr.write(f"there are only {world.users} ordinary accounts; ask for more with --users\n")
        return 2
    for username in world.ordinary_usernames(number):
        sys.stdout.write(f"{username}\n")
    return 0


def _name_products(world: World, number: int) -> int:
    if number > world.products:
        sys.stderr.write(f"there are only {world.products} ordinary products; ask for more with --products\n")
        return 2
    for product_id in world.catalogue.ordinary_ids(number):
        sys.stdout.write(f"{product_id}\n")
    return 0


async def _serve(site: Site, host: str, port: int, tls_port: int | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    keep_freed_memory()
    collect_seldom()
    runner = web.AppRunner(build_application(site), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        here = [f"http://{host}:{runner.addresses[0][1]}"]
        if tls_port is not None:
            await web.TCPSite(runner, host, tls_port, ssl_context=tls_context()).start()
            here.append(f"https://{host}:{runner.addresses[1][1]}")
        site.origin = site.origin or here[0]
        sys.stdout.write(f"standin listening on {' and '.join(here)}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
