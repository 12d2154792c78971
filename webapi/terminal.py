"""Commands of this room: what they open, how they print, and one line for whatever goes wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from store.config import Config, load_config
from store.engine import open_engine
from store.errors import StoreError
from store.schema import migrate

BAD_INPUT = 2


def run_command(name: str, command: Callable[[Config, Engine], None]) -> int:
    """Run a command on the database; return the exit status."""
    try:
        config = load_config()
        config.make_data_dir()
        engine = open_engine(config.database_url)
        migrate(engine)
        command(config, engine)
    except (StoreError, ValueError) as error:
        sys.stderr.write(f"{name}: {error}\n")
        return BAD_INPUT
    return 0


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows, each value as people read it."""
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(_shown, row))
    # Piped somewhere, nothing is cut.
    console = Console(highlight=False, markup=False)
    console.print(table, width=None if console.is_terminal else 1000)


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)
