"""The options and commands of `python -m standin`."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import TypeVar

from standin.faults.rules import BadFaultError, Fault, read_fault
from standin.settings import BadSettingError, Settings
from standin.world.accounts import EPOCH
from standin.world.cast import DAY_SECONDS
from standin.world.population import PRODUCTS

USERS = 1_000
SEED = 7

T = TypeVar("T")

_FAULT_HELP = (
    "trouble from the start, as kind@path (rate_limit@/api/*) or as JSON with the fields of docs/standin.md; "
    "may be given several times"
)


def build_parser(description: str | None = None) -> argparse.ArgumentParser:
    """Describe the command line; `command` tells what is wanted."""
    population, same = _population(USERS, PRODUCTS, SEED), _population(*[argparse.SUPPRESS] * 3)
    parser = argparse.ArgumentParser(prog="python -m standin", description=description, parents=[population])
    parser.set_defaults(command="serve")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=count, default=0, help="port, 0 for a free one (default)")
    parser.add_argument(
        "--tls-port",
        type=count,
        metavar="PORT",
        help="a second port, with TLS; 0 for a free one (default: none)",
    )
    parser.add_argument(
        "--origin",
        default="",
        metavar="URL",
        help="scheme and host of media links (default: where it listens)",
    )
    parser.add_argument("--day", type=_day, help="days since the population's epoch, or `today` (default 0)")
    parser.add_argument("--fault", type=_fault, action="append", default=[], metavar="RULE", help=_FAULT_HELP)
    parser.add_argument(
        "--settings", type=_settings, default=Settings(), metavar="JSON", help="settings of docs/standin.md"
    )
    commands = parser.add_subparsers()
    usernames = commands.add_parser("usernames", help="print usernames that exist", parents=[same])
    usernames.add_argument("number", type=count, metavar="N")
    usernames.set_defaults(command="usernames")
    products = commands.add_parser("products", help="print ids of products that exist", parents=[same])
    products.add_argument("number", type=count, metavar="N")
    products.set_defaults(command="products")
    landmarks = commands.add_parser("landmarks", help="print addresses that exist, as JSON", parents=[same])
    landmarks.set_defaults(command="landmarks")
    _add_login(commands.add_parser("login", help="print the cookies of a login, as JSON", parents=[same]))
    commands.add_parser("proxy", help="serve a proxy (python -m standin proxy --help)", add_help=False)
    return parser


def _add_login(login: argparse.ArgumentParser) -> None:
    login.add_argument("number", type=count, metavar="N", help="1 to 999; 0 is one the site has ended")
    login.add_argument("--days", type=int, default=180, help="days until it ends (default 180)")
    login.add_argument("--domain", default=".tiktok.com", help="domain of the cookies (default .tiktok.com)")
    login.set_defaults(command="login")


def _population(users: object, products: object, seed: object) -> argparse.ArgumentParser:
    """Return the options that say who exists; after a command they have no defaults, so none is overridden."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--users", type=count, default=users, help=f"ordinary accounts (default {USERS})")
    options.add_argument(
        "--products", type=count, default=products, help=f"ordinary products (default {PRODUCTS})"
    )
    options.add_argument("--seed", type=int, default=seed, help=f"decides who they are (default {SEED})")
    return options


def count(text: str) -> int:
    """Read a whole number from 0."""
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def _day(text: str) -> int:
    """Read a day; `today` lets the population keep up with the calendar."""
    return max(0, (int(time.time()) - EPOCH) // DAY_SECONDS) if text == "today" else count(text)


def _fault(text: str) -> Fault:
    """Read a rule: JSON, or `kind@path`."""
    kind, _, path = text.partition("@")
    return _understood(
        lambda: read_fault(json.loads(text) if text.startswith("{") else {"kind": kind, "path": path or "*"})
    )


def _settings(text: str) -> Settings:
    return _understood(lambda: Settings().changed(json.loads(text)))


def _understood(read: Callable[[], T]) -> T:
    """Read a value, and say in one line what is wrong with it."""
    try:
        return read()
    except (BadFaultError, BadSettingError, json.JSONDecodeError, TypeError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None
