"""The doctor's findings for people and for programs: tables on a terminal, plain lines elsewhere, or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.doctor.findings import ROUTES, Finding, Health, State
from tiktok.routes import LADDERS, Route

STYLES = {
    State.WORKS: "green",
    State.REFUSED: "yellow",
    State.SOON: "yellow",
    State.FAILED: "bold red",
    State.OFF: "dim",
    State.NOT_ASKED: "dim",
}
CLOSINGS = {
    Health.WELL: "All that is set up works.",
    Health.BROKEN: "Something that is set up does not work.",
    Health.INCOMPLETE: "All that is set up works; some operations no route gets.",
}


def unserved(findings: Sequence[Finding]) -> list[str]:
    """Operations that were asked for, and that no route got."""
    asked = {finding.name.partition(" by ")[0]: False for finding in _routes(findings)}
    for finding in _routes(findings):
        asked[finding.name.partition(" by ")[0]] |= finding.state is State.WORKS
    return [operation for operation, is_served in asked.items() if not is_served]


def write_json(findings: Sequence[Finding], health: Health) -> None:
    """Write one JSON document."""
    found = [
        {"area": one.area, "name": one.name, "state": one.state, "detail": one.detail} for one in findings
    ]
    document = {"health": health.name.lower(), "unserved": unserved(findings), "findings": found}
    sys.stdout.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def write_report(findings: Sequence[Finding], health: Health) -> None:
    """Write for people: tables, or one line per finding where there is no terminal."""
    console = Console(highlight=False)
    if console.is_terminal:
        _write_tables(console, findings)
    else:
        for one in findings:
            sys.stdout.write(f"{one.area}: {one.name}: {one.state}: {one.detail}".rstrip(": ") + "\n")
    lost = unserved(findings)
    if lost:
        console.print(f"No route gets: {', '.join(lost)}", markup=False, soft_wrap=True)
    console.print(CLOSINGS[health], style=None if health is Health.WELL else "bold")


def _write_tables(console: Console, findings: Sequence[Finding]) -> None:
    others = [finding for finding in findings if finding.area != ROUTES]
    for area, found in groupby(others, key=lambda finding: finding.area):
        table = Table(
            title=area, title_justify="left", box=box.SIMPLE_HEAD, show_header=False, pad_edge=False
        )
        for one in found:
            table.add_row(Text(one.name), Text(one.state, STYLES[one.state]), Text(one.detail))
        console.print(table)
    if any(_routes(findings)):
        console.print(_matrix(findings))
    for one in _routes(findings):
        if one.state in (State.REFUSED, State.FAILED):
            console.print(Text(f"{one.name}: {one.detail}", "dim"))


def _matrix(findings: Sequence[Finding]) -> Table:
    routes = [route for route in Route if any(route in ladder for ladder in LADDERS.values())]
    table = Table(title=ROUTES, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("", *routes):
        table.add_column(heading)
    by_name = {finding.name: finding for finding in _routes(findings)}
    for operation in LADDERS:
        cells = [by_name.get(f"{operation} by {route}") for route in routes]
        table.add_row(operation, *(Text(one.state, STYLES[one.state]) if one else Text("") for one in cells))
    return table


def _routes(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.area == ROUTES]
