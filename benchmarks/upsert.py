"""How fast posts are stored in MariaDB, against PyMySQL's `executemany` alone.

    python -m benchmarks.upsert [--batches 20] [--url mysql://root@127.0.0.1:3306/]

Both sides write the same rows into equal tables (posts with their quality ladder, history, hashtags), 500 posts
per transaction, in turns, first new posts, then the same posts with other counters and fresh links. The
baseline's rows lie ready as tuples; ours start as items and are looked up, merged and compared on the way.
Prints one JSON line; `ratio` is our posts per second divided by the baseline's, the median of all turns.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pymysql  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import Engine, text

from benchmarks.databases import fresh_database
from store.upserts import write
from store.upserts.rows import ENCODERS, moment_text
from store.upserts.shapes import VIDEOS
from tiktok.items import Rendition, Video, display_round

BATCH = 500
START = datetime(2026, 1, 1, tzinfo=UTC)
TAGS = [f"tag{number}" for number in range(2_000)]

Tuples = list[tuple[Any, ...]]


@dataclass(slots=True)
class Batch:
    """One transaction's work for either side."""

    videos: list[Video]
    rows: Tuples
    history: Tuples
    hashtags: Tuples


@dataclass(slots=True)
class Turns:
    """Seconds of each turn."""

    ours: list[float] = field(default_factory=list)
    baseline: list[float] = field(default_factory=list)
    baseline_posts_only: list[float] = field(default_factory=list)
    """The part of the baseline's turn that went into the table of posts."""

    def add(self, other: Turns) -> None:
        """Append another's turns."""
        self.ours += other.ours
        self.baseline += other.baseline
        self.baseline_posts_only += other.baseline_posts_only

    def ratio(self) -> float:
        """Our speed divided by the baseline's, median."""
        return statistics.median(b / o for b, o in zip(self.baseline, self.ours, strict=True))


def make_video(dice: random.Random, number: int, visit: int) -> Video:
    """A post as a profile's list shows it: some 5 kB, most of it links."""
    views = display_round(dice.randrange(200, 5_000_000))
    return Video(
        id=str(7_000_000_000_000_000_000 + number * 7_919),
        url=f"https://www.tiktok.com/@someone.{number % 50}/video/{7_000_000_000_000_000_000 + number * 7_919}",
        description=" ".join(dice.choices(("waiting", "for", "the", "bus", "😀", "again", "شمس"), k=18)),
        created_at=START - timedelta(minutes=number),
        user_id=str(6_800_000_000_000_000_000 + number % 50),
        username=f"someone.{number % 50}",
        display_name="Someone 😀",
        sec_uid="MS4wLjABAAAA" + "x" * 64,
        sound_id=str(6_900_000_000_000_000_000 + number % 400),
        sound_title="original sound",
        hashtags=dice.sample(TAGS, k=4),
        views=views,
        likes=views // 12,
        shares=views // 200,
        comments_count=views // 90,
        saves=views // 100 + visit,
        reposts=0,
        exact_counters=frozenset({"saves", "reposts"}),
        duration=31.0,
        width=576,
        height=1024,
        cover_url=make_link(dice, visit),
        renditions=[make_rendition(dice, visit, rung) for rung in range(5)],
        language="en",
        is_ad=False,
        route="list",
        scraped_at=START + timedelta(days=visit),
    )


def make_rendition(dice: random.Random, visit: int, rung: int) -> Rendition:
    """One rung: two CDN links and the site's own."""
    return Rendition(
        urls=[make_link(dice, visit) for _ in range(3)],
        codec="h264" if rung < 2 else "h265_hvc1",
        width=576,
        height=1024,
        bitrate=1_200_000 // (rung + 1),
        size_bytes=4_600_000 // (rung + 1),
        quality=f"normal_{720 - rung * 90}_0",
    )


def make_link(dice: random.Random, visit: int) -> str:
    """A signed link of the usual length."""
    signature = dice.randbytes(90).hex()
    return f"https://v16-webapp-prime.tiktok.com/video/tos/alisg/{signature}/?a=1988&expire={visit}&l={signature[:40]}"


def make_batches(count: int, visit: int) -> Iterator[Batch]:
    """The same posts at every visit, with other counters and links."""
    dice = random.Random(7 + visit)  # noqa: S311  # a seeded population, no cryptography
    tags = random.Random(7)  # noqa: S311  # as above
    for number in range(count):
        videos = [make_video(dice, number * BATCH + n, visit) for n in range(BATCH)]
        for video in videos:  # a post's hashtags do not change
            video.hashtags = tags.sample(TAGS, k=4)
        yield prepare(videos, visit)


def prepare(videos: list[Video], visit: int) -> Batch:
    """Lay out for the baseline the rows that `write` will write."""
    seen = moment_text(START)
    encode = ENCODERS[Video].encode
    rows = [(*row, seen, row[VIDEOS.seen]) for row in (encode(video, seen) for video in videos)]
    counters = slice(VIDEOS.counters.start, VIDEOS.counters.stop + 1)
    history = [(row[0], row[VIDEOS.seen], *row[counters]) for row in rows]
    hashtags = (
        sorted((tag, int(video.id)) for video in videos for tag in video.hashtags) if visit == 0 else []
    )
    return Batch(videos, rows, history, hashtags)


class Baseline:
    """PyMySQL and nothing else."""

    def __init__(self, engine: Engine) -> None:
        url = engine.url
        self.connection = pymysql.connect(
            host=url.host,
            port=url.port or 3306,
            user=url.username,
            password=url.password or "",
            database=url.database,
        )
        self.videos = upsert_sql("videos", (*VIDEOS.columns, "first_seen_at", "changed_at"), fixed=1)
        assert VIDEOS.history is not None
        self.history = upsert_sql(
            "video_history", tuple(column.name for column in VIDEOS.history.columns), fixed=2
        )
        self.hashtags = upsert_sql("video_hashtags", ("hashtag", "video_id"), fixed=1)

    def write(self, batch: Batch) -> float:
        """Write a batch; return the seconds spent on posts alone, their commit left out."""
        started = time.perf_counter()
        with self.connection.cursor() as cursor:
            cursor.executemany(self.videos, batch.rows)
            posts = time.perf_counter() - started
            cursor.executemany(self.history, batch.history)
            if batch.hashtags:
                cursor.executemany(self.hashtags, batch.hashtags)
        self.connection.commit()
        return posts


def upsert_sql(table: str, columns: Sequence[str], fixed: int) -> str:
    """The statement one would write by hand; the first `fixed` columns are the key."""
    names = ", ".join(f"`{name}`" for name in columns)
    marks = ", ".join(["%s"] * len(columns))
    changes = ", ".join(f"`{name}` = VALUES(`{name}`)" for name in columns[fixed:])
    return f"INSERT INTO {table} ({names}) VALUES ({marks}) ON DUPLICATE KEY UPDATE {changes}"  # noqa: S608  # constants


def run_visit(ours: Engine, baseline: Baseline, batches: int, visit: int) -> Turns:
    """Let both sides write one visit's batches, in turns, each going first as often as the other."""
    turns = Turns()
    for number, batch in enumerate(make_batches(batches, visit)):
        sides = [
            lambda b=batch: write_ours(ours, turns, b),
            lambda b=batch: write_baseline(baseline, turns, b),
        ]
        for side in sides if number % 2 else reversed(sides):
            side()
    return turns


def write_ours(engine: Engine, turns: Turns, batch: Batch) -> None:
    """Our turn."""
    started = time.perf_counter()
    write(engine, batch.videos)
    turns.ours.append(time.perf_counter() - started)


def write_baseline(baseline: Baseline, turns: Turns, batch: Batch) -> None:
    """The baseline's turn."""
    started = time.perf_counter()
    posts = baseline.write(batch)
    turns.baseline.append(time.perf_counter() - started)
    turns.baseline_posts_only.append(posts)


def count_rows(engine: Engine) -> dict[str, int]:
    """Rows per table, to show that both sides wrote the same."""
    with engine.connect() as connection:
        return {
            name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0  # noqa: S608  # constants
            for name in ("videos", "video_history", "video_hashtags")
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--batches", type=int, default=20)
    parser.add_argument("--url", default="mysql://root@127.0.0.1:3306/")
    arguments = parser.parse_args()
    with fresh_database(arguments.url) as ours, fresh_database(arguments.url) as theirs:
        baseline = Baseline(theirs)
        inserts = run_visit(ours, baseline, arguments.batches, visit=0)
        updates = run_visit(ours, baseline, arguments.batches, visit=1)
        rows, baseline_rows = count_rows(ours), count_rows(theirs)
        baseline.connection.close()
    assert rows == baseline_rows, (rows, baseline_rows)
    both = Turns()
    both.add(inserts)
    both.add(updates)
    print(json.dumps(summarize(both, inserts, updates) | {"batch": BATCH, "rows": rows}))


def summarize(both: Turns, inserts: Turns, updates: Turns) -> dict[str, Any]:
    """The figures of the printed line."""
    posts_only = [p / o for p, o in zip(both.baseline_posts_only, both.ours, strict=True)]
    return {
        "benchmark": "upsert",
        "ratio": round(both.ratio(), 2),
        "ratio_inserts": round(inserts.ratio(), 2),
        "ratio_updates": round(updates.ratio(), 2),
        "ratio_if_the_baseline_wrote_posts_only": round(statistics.median(posts_only), 2),
        "posts_per_second": round(BATCH / statistics.median(both.ours)),
        "baseline_posts_per_second": round(BATCH / statistics.median(both.baseline)),
    }


if __name__ == "__main__":
    main()
