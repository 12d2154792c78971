"""The demo's results as a person reads them."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from crawler.demo.results import Result

MISSING = "—"


def print_results(console: Console, results: list[Result]) -> None:
    """Print one line per crawl, and what is to be said about it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("crawled", "ended", "list"):
        table.add_column(heading)
    table.add_column("stored", justify="right")
    table.add_column("route")
    table.add_column("took", justify="right")
    for result in results:
        table.add_row(*_cells(result))
    console.print(table)
    for result in results:
        if result.listing and not result.run.crawl.is_whole and result.listing.reason:
            say(console, f"{result.run.crawl.title} is cut, and says so: {result.listing.reason}")


def _cells(result: Result) -> tuple[str, ...]:
    outcome, listing = result.outcome, result.listing
    declared = "" if result.declared is None else f" of {result.declared:,}"
    return (
        result.run.crawl.title,
        outcome.outcome if outcome else MISSING,
        listing.state if listing else MISSING,
        f"{result.stored:,}{declared}",
        (listing.route if listing else None) or MISSING,
        f"{result.run.seconds:.1f} s",
    )


def print_counts(console: Console, counts: dict[str, int], database: Path) -> None:
    """Print what is stored now, and where."""
    say(console, f"Stored: {', '.join(f'{number:,} {name}' for name, number in counts.items())}")
    say(console, f"In:     {database}")


def print_shortcomings(console: Console, results: list[Result]) -> bool:
    """Print what is missing; tell whether anything is."""
    lines = [f"{result.run.crawl.title}: {line}" for result in results for line in result.shortcomings()]
    for line in lines:
        console.print(f"Missing: {line}", style="red", highlight=False, soft_wrap=True, markup=False)
    return bool(lines)


def print_next_steps(console: Console, site: str, database: Path) -> None:
    """Print what to try now."""
    crawl = (
        f"TIKTOK_BASE_URL={site} .venv/bin/scrapy crawl profile -a user=khaby.lame -a limit=20 -O posts.csv"
    )
    query = "SELECT views, url FROM videos ORDER BY views DESC LIMIT 5"
    say(console, f"\nTry next:\n  {crawl}\n  sqlite3 '{database}' '{query}'")


def say(console: Console, line: str) -> None:
    """Print a line as it is: not broken, coloured or read as markup."""
    console.print(line, highlight=False, soft_wrap=True, markup=False)
