from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.media.abandoned_parts import sweep_parts
from store.media.disk import DiskArchive
from store.media.holders import claim_posts, new_holder
from store.transactions import in_transaction

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_parts_that_nobody_went_on_with_for_a_day_are_removed(
    sqlite_engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    disk = DiskArchive(tmp_path)
    disk.open()
    for name, hours in [("71-video-a.part", 25), ("72-video-b.part", 25), ("73-video-c.part", 23)]:
        (disk.parts / name).write_bytes(bytes(2**20))
        touched = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(disk.parts / name, (touched, touched))
    in_transaction(sqlite_engine, lambda connection: claim_posts(connection, new_holder(), ["72"], NOW))

    swept = sweep_parts(disk, sqlite_engine, NOW)

    assert swept == 1
    assert sorted(part.name[:2] for part in disk.parts.iterdir()) == ["72", "73"]
    assert caplog.messages == ["1 unfinished files, 1 MB, were removed: nobody went on with them"]
