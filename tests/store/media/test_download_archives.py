from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from store.media.book import Settlement
from store.media.download_archives import Imported, export_archive, import_archive
from store.media.holders import new_holder
from store.media.statuses import ELSEWHERE, Status, archived_files
from tests.store.media.test_book import begin, end, file, order

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_download_archive_goes_in_and_comes_out(engine: Engine) -> None:
    lines = [
        "tiktok 7123\n",
        "youtube dQw4w9WgXcQ\n",
        "tiktok 7124\n",
        "tiktok 7123\n",
        "\n",
        "tiktok x",
        "tiktok 0",
    ]

    first = import_archive(engine, lines, NOON)
    second = import_archive(engine, lines, NOON)

    assert first == Imported(new=2, known=0, others=3)
    assert second == Imported(new=0, known=2, others=3)
    assert list(export_archive(engine)) == ["tiktok 7123", "tiktok 7124"]
    assert archived_files(engine, ["7123"])["7123"][0].uploaded_to == ELSEWHERE


def test_what_is_archived_here_is_exported_and_not_overwritten(engine: Engine) -> None:
    holder = new_holder()
    begin(engine, holder, order("71"))
    end(
        engine,
        holder,
        Settlement(order("71"), Status.DOWNLOADED, None, [file("71"), file("71", role="sidecar")]),
    )

    told = import_archive(engine, ["tiktok 71", "tiktok 9"], NOON)

    assert told == Imported(new=1, known=1, others=0)
    assert list(export_archive(engine)) == ["tiktok 9", "tiktok 71"]
    assert archived_files(engine, ["71"])["71"][-1].path == file("71").path


def test_a_long_one_goes_in_by_batches(engine: Engine) -> None:
    told = import_archive(engine, (f"tiktok {number}" for number in range(1, 2_502)), NOON)

    assert told.new == 2_501
