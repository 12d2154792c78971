"""Spider arguments (`scrapy crawl profile -a user=…`): declared once per spider, read into typed values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

PASSED_BY_SCRAPYD = frozenset({"_job", "_version"})
"""Arguments that Scrapyd adds to every job."""


class InvalidArgument(ValueError):  # noqa: N818  # named after what happened, like the errors of `tiktok`
    """An argument that can't be used; `str()` is one line that names it and the fix."""

    def __init__(self, name: str, problem: str, fix: str) -> None:
        super().__init__(name, problem, fix)
        self.name = name
        self.problem = problem
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.name}: {self.problem}; {self.fix}"


@dataclass(frozen=True, slots=True)
class Argument:
    """One `-a NAME=VALUE`."""

    name: str
    read: Callable[[str, str], Any]
    """Turns (name, text) into a value, or raises `InvalidArgument`."""
    help: str
    default: Any = None
    is_required: bool = False


def read_arguments(spider: str, declared: Iterable[Argument], given: Mapping[str, Any]) -> dict[str, Any]:
    """Read what was given; raise `InvalidArgument` for a name that isn't declared or a value that can't be."""
    by_name = {argument.name: argument for argument in declared}
    for name in given:
        if name not in by_name and name not in PASSED_BY_SCRAPYD:
            near = get_close_matches(name, by_name, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(by_name)}"
            raise InvalidArgument(name, f"spider {spider} has no such argument", hint)
    values: dict[str, Any] = {}
    for argument in by_name.values():
        text = given.get(argument.name)
        if text is None or (isinstance(text, str) and not text.strip()):
            if argument.is_required:
                raise InvalidArgument(
                    argument.name, "is missing", f"add -a {argument.name}=… ({argument.help})"
                )
            values[argument.name] = argument.default
        else:
            values[argument.name] = argument.read(argument.name, str(text).strip())
    return values


def count(name: str, text: str) -> int:
    """A whole number from 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise InvalidArgument(name, f"{text!r} is not a whole number from 1", f"write for example {name}=50")
    return int(text)


def moment(name: str, text: str) -> datetime:
    """An ISO 8601 date or time; without a zone it is UTC."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        fix = f"write for example {name}=2026-01-31 or {name}=2026-01-31T12:00:00Z"
        raise InvalidArgument(name, f"{text!r} is not an ISO 8601 date", fix) from None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def switch(name: str, text: str) -> bool:
    """1 or 0."""
    values = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in values:
        raise InvalidArgument(name, f"{text!r} is neither 1 nor 0", f"write {name}=1 or {name}=0")
    return values[text.lower()]


def word(_name: str, text: str) -> str:
    """Any text."""
    return text


def one_of(*choices: str) -> Callable[[str, str], str]:
    """One of a few words."""

    def read(name: str, text: str) -> str:
        if text not in choices:
            raise InvalidArgument(name, f"{text!r} is not known", f"write one of {', '.join(choices)}")
        return text

    return read


LIMIT = Argument("limit", count, "most rows per target")
SINCE = Argument("since", moment, "only posts created at or after this date, UTC")
UNTIL = Argument("until", moment, "only posts created before this date, UTC")
FRESH = Argument(
    "fresh", switch, "1: start from the top even where a stopped crawl could go on", default=False
)
ONLY_NEW = Argument("only_new", switch, "1: stop at the first post that is already stored", default=False)
