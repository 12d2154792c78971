"""Commands of this room: what they open, how they print, and one line for whatever goes wrong."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Column, Table
from sqlalchemy import Engine

from store.config import Config, load_config
from store.engine import open_engine
from store.errors import AddressRefused, StoreError
from store.outbound.guard import Guard
from store.schema import migrate
from tiktok.errors import TikTokError

BAD_INPUT = 2
PIPE_WIDTH = 1000


def run_command(name: str, command: Callable[[Config, Engine], None]) -> int:
    """Run a command on the database; return the exit status."""
    try:
        config = load_config()
        config.make_data_dir()
        engine = open_engine(config.database_url)
        migrate(engine)
        command(config, engine)
    except (StoreError, TikTokError, ValueError, OSError) as error:
        sys.stderr.write(f"{name}: {error}\n")
        return BAD_INPUT
    return 0


def job_id(text: str) -> int | str:
    """Read an id: a number, or a UUID."""
    return int(text) if text.isdecimal() else text


def add_wish_arguments(parser: ArgumentParser, kinds: Sequence[str]) -> None:
    """What is to be crawled, and whom to tell."""
    parser.add_argument("kind", choices=kinds, metavar="KIND", help=f"one of {', '.join(kinds)}")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="names, ids or URLs")
    parser.add_argument(
        "-a", action="append", default=[], metavar="NAME=VALUE", help="an argument, as in scrapy crawl"
    )
    parser.add_argument("--callback", metavar="URL", help="whom to tell its end")
    parser.add_argument("--priority", type=int, default=0, help="higher ones go first (default: 0)")


def parameters_of(given: Namespace) -> dict[str, str]:
    """What `-a` says."""
    pairs = (text.partition("=") for text in given.a)
    return {name: value for name, _, value in pairs}


def vet_callback(given: Namespace, config: Config) -> None:
    """Raise `AddressRefused` when nobody may be told at that address."""
    try:
        if given.callback:
            Guard.load(config).check(given.callback)
    except AddressRefused as error:
        raise AddressRefused(f"--callback: {error}") from error


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows, each value as people read it."""
    table = Table(*(Column(name, overflow="fold") for name in columns), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(_shown, row))
    # Piped somewhere, nothing is cut.
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    Console(highlight=False, markup=False, width=width).print(table)


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)
