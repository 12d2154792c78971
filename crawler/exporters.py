"""Feeds (`-O out.csv`, `-O out.jsonl`, `FEEDS`): flat, stable columns in CSV, full records in JSON.

Only items are exported. What passes the stations beside them (list states, outcomes, companions, rejects) is
for the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from scrapy.exporters import CsvItemExporter, JsonItemExporter, JsonLinesItemExporter

from store.upserts.rows import clean_text
from tiktok.items import ITEM_TYPES, Image, Item, Rendition, Sku, Subtitle, json_value

NOT_IN_CSV = frozenset({"images", "renditions", "subtitles", "skus"})
"""Lists of records, which a table's cell can't hold; the JSON feeds have them."""


@cache
def csv_columns() -> tuple[str, ...]:
    """`type`, then every field of every item type, each once, in the order of `tiktok.items`."""
    names = (field.name for item_type in ITEM_TYPES for field in fields(item_type))
    return ("type", *(name for name in dict.fromkeys(names) if name not in NOT_IN_CSV))


class CsvExporter(CsvItemExporter):
    """The same columns in every file, whatever was crawled first; times ISO 8601, lists joined by spaces."""

    def __init__(self, file: Any, **options: Any) -> None:
        options["fields_to_export"] = options.get("fields_to_export") or csv_columns()
        super().__init__(file, **options)

    def export_item(self, item: Any) -> None:
        if isinstance(item, Item):
            super().export_item(_flat(item))


class JsonLinesExporter(JsonLinesItemExporter):
    """One full record per line, its `type` first."""

    def export_item(self, item: Any) -> None:
        if isinstance(item, Item):
            self.file.write(encode(item) + b"\n")


class JsonExporter(JsonItemExporter):
    """One array of full records."""

    def export_item(self, item: Any) -> None:
        if isinstance(item, Item):
            self._add_comma_after_first()
            self.file.write(encode(item))


def encode(item: Item) -> bytes:
    """The full record as JSON: times in UTC with Z, what is unknown as null."""
    record = {"type": item.type, **asdict(item)}
    try:
        return _dump(record)
    except orjson.JSONEncodeError:  # halves of characters, which UTF-8 has no place for
        return _dump(_mended(record))


def _dump(record: Any) -> bytes:
    return orjson.dumps(record, default=json_value, option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC)


def _mended(value: Any) -> Any:
    """The same value with its texts as the database holds them."""
    match value:
        case str():
            return clean_text(value)
        case dict():
            return {name: _mended(one) for name, one in value.items()}
        case list():
            return [_mended(one) for one in value]
        case _:
            return value


def _flat(item: Item) -> dict[str, Any]:
    cells = {field.name: _cell(getattr(item, field.name)) for field in fields(item)}
    return {"type": item.type, **{name: cell for name, cell in cells.items() if name not in NOT_IN_CSV}}


def _cell(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case frozenset():
            return " ".join(sorted(value))
        case list():
            return clean_text(_joined(value))
        case str():
            return clean_text(value)
        case _:
            return value


def _joined(values: Iterable[str | Image | Rendition | Subtitle | Sku]) -> str:
    return " ".join(value for value in values if isinstance(value, str))
