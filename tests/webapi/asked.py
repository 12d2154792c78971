"""Which endpoints there are to read from, with every parameter they document, and the statements each costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any

from sqlalchemy import Engine, event

Statement = tuple[str, Any]
Document = dict[str, Any]

STREAMS = ("events", "ws")
"""Last steps of paths that answer as long as somebody listens."""


def reading_paths(document: Document) -> list[str]:
    """Every path that can be read, as the OpenAPI document writes it."""
    return [path for path, methods in document["paths"].items() if "get" in methods and not _is_stream(path)]


def queries(document: Document, path: str, samples: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each parameter alone, and each two of them together; values come from the document, else from `samples`."""
    named = {
        parameter["name"]: list(_values(parameter, samples))
        for parameter in document["paths"][path]["get"].get("parameters", [])
        if parameter["in"] == "query" and parameter["name"] not in ("cursor", "offset", "limit")
    }
    yield {}
    yield from ({name: value} for name, values in named.items() for value in values)
    for one, other in combinations(named, 2):
        yield from ({one: a, other: b} for a in named[one] for b in named[other])


@contextmanager
def statements(engine: Engine) -> Iterator[list[Statement]]:
    """What the database is asked meanwhile, transactions' beginnings and ends left out."""
    asked: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _is_stream(path: str) -> bool:
    return any(step in STREAMS for step in path.split("/"))


def _values(parameter: dict[str, Any], samples: dict[str, Any]) -> Iterator[Any]:
    schema = parameter.get("schema", {})
    if "enum" in schema:
        yield from schema["enum"]
    elif parameter["name"] in samples:
        yield samples[parameter["name"]]
    elif schema.get("type") == "integer":
        yield schema.get("minimum", 0)
