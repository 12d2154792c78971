"""From item to row: each field's value as both database drivers take it.

SQLAlchemy's types give the same values, several times slower, and half of a writer's time goes into this.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any

import orjson
from sqlalchemy import JSON, BigInteger, Column, Double, Integer, String

from store.models.types import (
    MAX_ID,
    ExactCounters,
    ItemId,
    Money,
    UtcDateTime,
    money_text,
    pack_counters,
)
from store.upserts.shapes import SHAPES, Row, Shape
from tiktok.items import Item, json_value

LARGEST = ((BigInteger, 2**63 - 1), (Integer, 2**31 - 1), (Double, 1e300))
"""Largest magnitude that a column of the type holds in both databases."""


class Misfit(ValueError):  # noqa: N818  # a finding about one item, which becomes a `Reject`
    """The database can't hold this item; the message names the field."""


class Encoder:
    """Makes rows of one type of item."""

    def __init__(self, shape: Shape) -> None:
        columns = shape.typed_columns()
        self.shape = shape
        self._read = attrgetter(*shape.columns)
        self._conversions = list(_find_conversions(columns))
        self._texts = [i for i, column in enumerate(columns) if isinstance(column.type, String)]
        self._read_texts = itemgetter(*self._texts)
        self._lengths = list(_find_lengths(columns))
        self._largest = list(_find_largest(columns))

    def encode(self, item: Item, now: str) -> Row:
        """Make a row; `now` stands in for a missing `scraped_at`. Raise `Misfit` for what no column holds."""
        row: Row = list(self._read(item))
        for position, convert in self._conversions:
            value = row[position]
            if value is not None:
                try:
                    row[position] = convert(value)
                except ValueError as error:
                    raise Misfit(f"{self.shape.columns[position]}: {error}") from error
        row[self.shape.seen] = row[self.shape.seen] or now
        self._clean_texts(row)
        self._check_key(row[0])
        self._check_limits(row)
        return row

    def _clean_texts(self, row: Row) -> None:
        try:
            "".join(filter(None, self._read_texts(row))).encode()
        except UnicodeEncodeError:
            for position in self._texts:
                row[position] = row[position] and clean_text(row[position])

    def _check_key(self, key: str | int) -> None:
        # MySQL takes "fun" and "fun " for the same key, SQLite does not.
        if isinstance(key, str) and (not key or key != key.strip()):
            raise Misfit(f"{self.shape.key}: {key!r} is empty or has spaces around it")

    def _check_limits(self, row: Row) -> None:
        for position, length in self._lengths:
            value = row[position]
            if value is not None and len(value) > length:
                name = self.shape.columns[position]
                raise Misfit(f"{name}: {len(value)} characters, at most {length} fit")
        for position, largest in self._largest:
            value = row[position]
            if value is not None and not -largest <= value <= largest:  # false for NaN, too
                raise Misfit(f"{self.shape.columns[position]}: {value} is out of range")


def clean_text(text: str) -> str:
    """Join surrogate pairs that were read one by one, replace halves that have lost their other half.

    >>> clean_text("\\ud83d\\ude00 \\ud83d")
    '😀 �'
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def moment_text(value: datetime) -> str:
    """Write a moment as both databases read it: UTC, to the microsecond, so that texts sort as times do."""
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:26]


def json_text(value: list[Any]) -> str | None:
    """Write a list; an empty one is what a payload looks like that does not tell, so it counts as unknown."""
    if not value:
        return None
    try:
        return orjson.dumps(value, default=json_value).decode()
    except orjson.JSONEncodeError:  # lone surrogates, integers beyond 64 bits
        return clean_text(json.dumps(value, default=_json_part, ensure_ascii=False, separators=(",", ":")))


def _json_part(value: Any) -> object:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else json_value(value)


def _id_number(value: str) -> int:
    number = int(value)
    if not 0 <= number <= MAX_ID:
        raise ValueError(f"{value} is out of range")
    return number


def _find_conversions(columns: list[Column[Any]]) -> Iterator[tuple[int, Callable[[Any], Any]]]:
    for position, column in enumerate(columns):
        match column.type:
            case ItemId():
                yield position, _id_number
            case UtcDateTime():
                yield position, moment_text
            case Money():
                yield position, money_text
            case JSON():
                yield position, json_text
            case ExactCounters(counters=counters):
                yield position, partial(pack_counters, counters=counters)
            case String() if column.name in ("kind", "route"):  # enums, which drivers treat as strangers
                yield position, str


def _find_lengths(columns: list[Column[Any]]) -> Iterator[tuple[int, int]]:
    for position, column in enumerate(columns):
        if isinstance(column.type, String) and column.type.length:
            yield position, column.type.length


def _find_largest(columns: list[Column[Any]]) -> Iterator[tuple[int, float]]:
    for position, column in enumerate(columns):
        for kind, largest in LARGEST:
            if isinstance(column.type, kind):
                yield position, largest
                break


def plain_payload(payload: dict[str, Any]) -> dict[str, Any]:
    """Make an item's fields fit for JSON, however broken they are."""
    text = json.dumps(payload, default=_plain, ensure_ascii=False)
    plain: dict[str, Any] = json.loads(clean_text(text), parse_constant=str)  # NaN is no JSON
    return plain


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset | set) else str(value)


ENCODERS = {shape.item_type: Encoder(shape) for shape in SHAPES}
