"""What a field of an answer may hold: the words in which the families' documents are written down as tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

Check = Callable[[Any], bool]
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def text(value: Any) -> bool:
    return isinstance(value, str)


def integer(value: Any) -> bool:
    return type(value) is int


def number(value: Any) -> bool:
    return type(value) in (int, float)


def boolean(value: Any) -> bool:
    return type(value) is bool


def mapping(value: Any) -> bool:
    return isinstance(value, dict)


def nothing(value: Any) -> bool:
    return value is None


def moment(value: Any) -> bool:
    return isinstance(value, str) and bool(MOMENT.fullmatch(value))


def day(value: Any) -> bool:
    return isinstance(value, str) and date.fromisoformat(value).isoformat() == value


def matching(pattern: str) -> Check:
    return lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, value))


def exactly(*values: Any) -> Check:
    return lambda value: value in values


def nullable(check: Check) -> Check:
    return lambda value: value is None or check(value)


def each(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def having(**fields: Check) -> Check:
    """At least these fields."""
    return lambda value: isinstance(value, dict) and not wrong_fields(value, fields)


def wrong_fields(document: dict[str, Any], fields: dict[str, Check]) -> list[str]:
    return [name for name, check in fields.items() if name not in document or not check(document[name])]
