"""Identities as an operator reads them in the terminal. No cookie's value ever gets here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.renewal import Renewal
from store.identities import IdentityState, IdentityStatus
from tiktok.cookie_formats import Refusal
from tiktok.cookies import CRITICAL, CriticalCookie

MISSING = "—"
WIDTH_OF_FILES = 200
"""Columns when the output is no terminal, which has its own width."""
SHOWN_REFUSALS = 20


def terminal() -> Console:
    """A console that does not squeeze tables into 80 columns when it writes to a file."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_OF_FILES)


def say(console: Console, line: str) -> None:
    """Print a line as it is: not broken, coloured or read as markup."""
    console.print(line, soft_wrap=True, markup=False)


def print_critical(console: Console, critical: Sequence[CriticalCookie]) -> None:
    """Print the critical five: there or not, and for how long."""
    table = _table("cookie", "", "expires", "days left")
    for cookie in critical:
        table.add_row(
            cookie.name,
            "present" if cookie.is_present else "missing",
            _day(cookie.expires_at),
            MISSING if cookie.days_left is None else str(cookie.days_left),
        )
    console.print(table)


def print_refusals(console: Console, refusals: Sequence[Refusal]) -> None:
    """Print which cookies were not taken, and why."""
    for refusal in refusals[:SHOWN_REFUSALS]:
        say(console, f"Refused: {refusal.name} {refusal.reason}")
    if len(refusals) > SHOWN_REFUSALS:
        say(console, f"Refused: {len(refusals) - SHOWN_REFUSALS:,} more")


def print_identities(console: Console, statuses: Sequence[IdentityStatus], now: datetime) -> None:
    """Print one line per identity that is not retired."""
    living = [status for status in statuses if status.state is not IdentityState.RETIRED]
    if living:
        table = _table("id", "label", "kind", "state", "health", "exit", *CRITICAL, "ends")
        for status in living:
            table.add_row(*(Text(cell) for cell in _cells(status, now)))
        console.print(table)
    retired = len(statuses) - len(living)
    noun = "identity" if len(living) == 1 else "identities"
    say(console, f"{len(living):,} {noun}" + (f", and {retired:,} retired" if retired else ""))


def print_renewals(console: Console, renewals: Sequence[Renewal]) -> None:
    """Print how each account fared that was to be renewed."""
    for renewal in renewals:
        ends = f"renewed, ends {_day(renewal.expires_at)}"
        say(console, f"{renewal.identity_id} {renewal.label}: {renewal.trouble or ends}")
    if not renewals:
        say(console, "No account is due")


def _cells(status: IdentityStatus, now: datetime) -> list[str]:
    five = [_left(cookie) for cookie in status.critical] or ["?"] * len(CRITICAL)
    return [
        str(status.id),
        status.label,
        status.kind + (", logged in" if status.is_logged_in else ""),
        _state(status, now),
        str(status.health),
        status.exit_name,
        *five,
        _day(status.expires_at) + (", due" if status.is_due(now) else ""),
    ]


def _state(status: IdentityStatus, now: datetime) -> str:
    if not status.is_readable:
        return "unreadable: its key is not here"
    words = str(status.state)
    if status.state is IdentityState.COOLING and status.cooldown_until and status.cooldown_until > now:
        words += f" for {_span(status.cooldown_until, now)}"
    is_telling = status.state is not IdentityState.READY or status.is_due(now)
    return f"{words} ({status.reason})" if status.reason and is_telling else words


def _left(cookie: CriticalCookie) -> str:
    if not cookie.is_present:
        return MISSING
    return "yes" if cookie.days_left is None else f"{cookie.days_left} d"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else MISSING


def _span(until: datetime, now: datetime) -> str:
    minutes = max(round((until - now).total_seconds() / 60), 1)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    return table
