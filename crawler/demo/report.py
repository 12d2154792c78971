"""The demo's results as a person reads them."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from crawler.demo.results import Result
from crawler.demo.services import Services

MISSING = "—"


def print_results(console: Console, results: list[Result]) -> None:
    """Print one line per crawl or question, and what is to be said about it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("asked for", "ended", "list"):
        table.add_column(heading)
    table.add_column("found", justify="right")
    table.add_column("route")
    table.add_column("took", justify="right")
    for result in results:
        table.add_row(*_cells(result))
    console.print(table)
    for result in results:
        if result.remark:
            say(console, result.remark)


def _cells(result: Result) -> tuple[str, ...]:
    declared = "" if result.declared is None else f" of {result.declared:,}"
    return (
        result.title,
        result.outcome or MISSING,
        result.listing or MISSING,
        f"{result.stored:,}{declared}",
        result.route or MISSING,
        f"{result.seconds:.1f} s",
    )


def print_counts(console: Console, counts: dict[str, int], database: Path) -> None:
    """Print what is stored now, and where."""
    say(console, f"Stored: {', '.join(f'{number:,} {name}' for name, number in counts.items())}")
    say(console, f"In:     {database}")


def print_shortcomings(console: Console, results: list[Result]) -> bool:
    """Print what is missing; tell whether anything is."""
    lines = [f"{result.title}: {line}" for result in results for line in result.missing]
    for line in lines:
        console.print(f"Missing: {line}", style="red", highlight=False, soft_wrap=True, markup=False)
    return bool(lines)


def print_next_steps(console: Console, site: str, database: Path, services: Services) -> None:
    """Print what to look at and to try now."""
    crawl = (
        f"TIKTOK_BASE_URL={site} .venv/bin/scrapy crawl profile -a user=khaby.lame -a limit=20 -O posts.csv"
    )
    query = "SELECT views, url FROM videos ORDER BY views DESC LIMIT 5"
    ask = f"curl {services.api}/api/videos -H 'X-API-Key: {services.api_key}'"
    say(console, f"\nThe API and its documents: {services.api}/docs, with the key {services.api_key}")
    say(console, f"Try next:\n  {ask}\n  {crawl}\n  sqlite3 '{database}' '{query}'")


def say(console: Console, line: str) -> None:
    """Print a line as it is: not broken, coloured or read as markup."""
    console.print(line, highlight=False, soft_wrap=True, markup=False)
