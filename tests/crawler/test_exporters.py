from __future__ import annotations

import csv
import json
from dataclasses import fields
from datetime import datetime, timedelta, timezone
from io import BytesIO, StringIO
from typing import Any

import pytest

from crawler.exporters import CsvExporter, JsonExporter, JsonLinesExporter, csv_columns
from pipelines.companions import Companions
from store.rejects import Reject
from tests.pipelines.samples import NOON, comment, hashtag, listing, outcome, sound, user, video
from tests.store.factories import make_video
from tiktok.items import Item

ONE_OF_EACH: list[Item] = [video(), user(), sound(), hashtag(), comment()]
NOT_ITEMS = [listing(), outcome(), Companions([user()]), Reject.of(video(), "id: bad")]


def export(exporter_class: type[Any], items: list[Any]) -> str:
    file = BytesIO()
    exporter = exporter_class(file)
    exporter.start_exporting()
    for item in items:
        exporter.export_item(item)
    exporter.finish_exporting()
    return file.getvalue().decode()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_csv_columns_are_the_same_whatever_comes_first() -> None:
    forward = export(CsvExporter, ONE_OF_EACH)
    backward = export(CsvExporter, ONE_OF_EACH[::-1])

    assert forward.splitlines()[0] == backward.splitlines()[0] == ",".join(csv_columns())
    assert len(set(csv_columns())) == len(csv_columns())
    assert csv_columns()[0] == "type"
    assert {row["type"] for row in rows_of(forward)} == {"video", "user", "sound", "hashtag", "comment"}


def test_every_cell_of_a_csv_is_flat() -> None:
    (row,) = rows_of(export(CsvExporter, [make_video()]))

    assert row["hashtags"] == "coffee شاي"
    assert row["mentions"] == "tom"
    assert row["exact_counters"] == "comments_count likes reposts saves"
    assert row["created_at"] == "2026-02-28T09:30:01Z"
    assert (row["views"], row["duration"], row["is_pinned"]) == ("105200", "12.345", "True")
    assert row["description"] == "Kaffee ☕ 👩‍🚀 شاي"
    assert not {"images", "renditions", "subtitles"} & set(row)
    assert not [cell for cell in row.values() if cell.startswith(("[", "{"))]


def test_what_is_unknown_is_an_empty_cell() -> None:
    (row,) = rows_of(export(CsvExporter, [hashtag("garden")]))

    assert {name: cell for name, cell in row.items() if cell} == {"type": "hashtag", "name": "garden"}


def test_times_are_told_in_utc_whatever_their_zone() -> None:
    moment = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))

    (row,) = rows_of(export(CsvExporter, [video(created_at=moment)]))
    record = json.loads(export(JsonLinesExporter, [video(created_at=NOON)]))

    assert row["created_at"] == record["created_at"] == "2026-03-01T12:00:00Z"


def test_json_lines_hold_full_records() -> None:
    item = make_video()

    (line,) = export(JsonLinesExporter, [item]).splitlines()

    record = json.loads(line)
    assert next(iter(record)) == "type"
    assert set(record) == {"type", *(field.name for field in fields(item))}
    assert record["renditions"][0]["size_bytes"] == 5_000_000_000
    assert record["images"] == [{"url": "https://cdn.example/1", "width": 1080, "height": 1440}]
    assert record["exact_counters"] == ["comments_count", "likes", "reposts", "saves"]
    assert datetime.fromisoformat(record["created_at"]) == item.created_at


def test_a_json_feed_is_one_array() -> None:
    records = json.loads(export(JsonExporter, ONE_OF_EACH))

    assert [record["type"] for record in records] == ["video", "user", "sound", "hashtag", "comment"]


@pytest.mark.parametrize("exporter", [CsvExporter, JsonLinesExporter, JsonExporter])
def test_records_companions_and_rejects_are_not_exported(exporter: type[Any]) -> None:
    assert export(exporter, [*NOT_ITEMS, video(), *NOT_ITEMS]) == export(exporter, [video()])


@pytest.mark.parametrize("exporter", [CsvExporter, JsonLinesExporter, JsonExporter])
@pytest.mark.parametrize(
    "text", ["cut \ud83d emoji", "\udc00 half", 'a "quoted", comma\nand line', "\u2028 \x85"]
)
def test_a_broken_caption_does_not_cost_the_record(exporter: type[Any], text: str) -> None:
    exported = export(exporter, [video(1, description=text), video(2)])

    if exporter is CsvExporter:
        assert [row["id"] for row in rows_of(exported)] == [video(1).id, video(2).id]
    else:
        records = (
            json.loads(exported)
            if exporter is JsonExporter
            else [json.loads(line) for line in exported.split("\n") if line]
        )
        assert [record["id"] for record in records] == [video(1).id, video(2).id]


def test_a_spreadsheet_formula_in_a_caption_stays_as_written() -> None:
    (row,) = rows_of(export(CsvExporter, [video(description="=1+1")]))

    assert row["description"] == "=1+1"
