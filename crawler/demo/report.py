"""The demo's results as a person reads them."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from crawler.demo.results import Result


def print_results(console: Console, results: list[Result]) -> None:
    """Print one line per crawl."""
    table = Table(
        "what", "ended", "found", "answered by", "took", title="What was found", title_justify="left"
    )
    for result in results:
        outcome, listing = result.outcome, result.listing
        route = (listing and listing.route) or (outcome and outcome.route) or "—"
        ended = "—" if outcome is None else outcome.outcome
        table.add_row(result.run.crawl.title, ended, result.found, route, f"{result.run.seconds:.1f} s")
    console.print(table)


def print_counts(console: Console, counts: dict[str, int], database: Path, logs: Path) -> None:
    """Print what is stored now, and where."""
    console.print(
        f"Stored: {', '.join(f'{number:,} {name}' for name, number in counts.items())}.", highlight=False
    )
    console.print(f"Database: {database}", highlight=False, soft_wrap=True)
    console.print(f"Logs:     {logs}", highlight=False, soft_wrap=True)


def print_shortcomings(console: Console, results: list[Result]) -> bool:
    """Print what is missing; tell whether anything is."""
    lines = [f"{result.run.crawl.title}: {line}" for result in results for line in result.shortcomings()]
    for line in lines:
        console.print(f"Missing: {line}", style="red", highlight=False, soft_wrap=True)
    return bool(lines)


def print_next_steps(console: Console, address: str | None, database: Path) -> None:
    """Print what to try now."""
    site = f"TIKTOK_BASE_URL={address} " if address else ""
    console.print("\nTry next:", highlight=False)
    for step in (
        f"{site}.venv/bin/scrapy crawl profile -a user=khaby.lame -a limit=20 -O posts.csv",
        f"sqlite3 '{database}' 'SELECT views, url FROM videos ORDER BY views DESC LIMIT 5'",  # noqa: S608  # text to read
    ):
        console.print(f"  {step}", highlight=False, soft_wrap=True)
