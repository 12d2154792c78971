"""How a post's counters grew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from store.models import VideoHistoryRow
from tiktok.items import Video


@dataclass(frozen=True, slots=True)
class Growth:
    """Counters from one moment on, until the next record."""

    recorded_at: datetime
    counters: dict[str, int | None]
    """Name → value, `None` while nobody had told it."""
    exact_counters: frozenset[str]
    """Those whose value is exact; the others move in the steps in which TikTok rounds them."""


def video_growth(engine: Engine, video_id: str) -> list[Growth]:
    """List a post's counters, oldest first."""
    table = VideoHistoryRow.__table__
    wanted = select(table).where(VideoHistoryRow.video_id == video_id).order_by(VideoHistoryRow.recorded_at)
    with engine.connect() as connection:
        rows = connection.execute(wanted).mappings().all()
    return [
        Growth(row["recorded_at"], {name: row[name] for name in Video.counters}, row["exact_counters"])
        for row in rows
    ]
