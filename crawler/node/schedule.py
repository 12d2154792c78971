"""`schedule.json`, which refuses at the door what no process could be started with."""

from __future__ import annotations

import re
from typing import Any

from scrapyd.webservice import Schedule
from twisted.web import error, http
from twisted.web.server import Request

MAX_ARGUMENT_BYTES = 64 * 1024
"""Of one argument and its name; Linux takes 128 kB. What is larger belongs into the database."""
MAX_ARGUMENTS_BYTES = 256 * 1024
"""Of all of them together: an eighth of what Linux takes, a quarter of what macOS does."""

JOB_ID = re.compile(rb"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
"""It becomes the name of a log file."""
TAKEN = frozenset({b"name", b"settings", b"spider_name"})
"""Names that Scrapyd needs for itself."""


class SafeSchedule(Schedule):  # type: ignore[misc]  # published without types
    """Stock Scrapyd accepts these, fails to start them, and has one slot less from then on."""

    def render_POST(self, txrequest: Request) -> Any:
        problem = find_problem(txrequest.args)
        if problem:
            raise error.Error(code=http.OK, message=problem.encode())
        return super().render_POST(txrequest)


def find_problem(given: dict[bytes, list[bytes]]) -> str | None:
    """Say in one line what can't be passed on, and the fix; `None` when all can."""
    job = given.get(b"jobid", [b"fine"])[0]
    if not JOB_ID.fullmatch(job):
        return "jobid: is no name for a file; use letters, digits, '-', '_' and '.', at most 100"
    sizes = {name: sum(len(name) + len(text) for text in values) for name, values in given.items()}
    for name, values in given.items():
        shown = name.decode(errors="replace")[:50]
        if name in TAKEN or (name.startswith(b"_") and name != b"_version"):
            return f"{shown}: Scrapyd needs this name for itself; choose another"
        if any(b"\0" in text for text in (name, *values)):
            return f"{shown}: holds a zero byte; take it out"
        if sizes[name] > MAX_ARGUMENT_BYTES:
            return f"{shown}: {sizes[name]:,} bytes, at most {MAX_ARGUMENT_BYTES:,} fit; make a job of it instead"
    if sum(sizes.values()) > MAX_ARGUMENTS_BYTES:
        return (
            f"all arguments together have more than {MAX_ARGUMENTS_BYTES:,} bytes; make a job of it instead"
        )
    return None
