"""What crawls leave behind, without a crawl: posts found by a job, their media in any state, jobs at their end."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from store.jobs.claims import Process, claim_shard, end_shard, heartbeat
from store.jobs.dispatch import shards_to_schedule
from store.jobs.found import note_videos
from store.jobs.ledger import Finding, finalise
from store.media.book import Order, Settlement, ask, claim, settle
from store.media.holders import new_holder
from store.media.statuses import ArchivedFile, Status
from store.media.stores import Placed
from store.media.uploads import note_status, note_upload
from store.transactions import in_transaction
from store.upserts import write
from tests.store.factories import make_video
from tiktok.media.wishes import MediaWish

FOLDER = "TikTok/profile/maya/2026/02"
WISH = MediaWish(media=True)
STARTED = datetime(2026, 1, 1, tzinfo=UTC)
PROCESS = Process(host="here", pid=1, started_at=STARTED)


def now() -> datetime:
    return datetime.now(UTC)


def find_posts(engine: Engine, job: int, *ids: str) -> None:
    """Let a job find posts."""
    write(engine, [make_video(id=each, likes=int(each) % 1000) for each in ids])
    positions = dict.fromkeys(ids, 1)
    in_transaction(engine, lambda connection: note_videos(connection, job, positions, now()))


def order(job: int, video_id: str) -> Order:
    return Order(job_ids=(job,), video_id=video_id, wish=WISH, mode="profile", value="maya")


def file(video_id: str, role: str) -> ArchivedFile:
    digest = f"{video_id}{role}".ljust(64, "0")[:64]
    name = f"{FOLDER}/maya_{video_id}.{'json' if role == 'sidecar' else 'mp4'}"
    return ArchivedFile(
        video_id=video_id, role=role, variant="", path=name, bytes=1000, sha256=digest, md5=digest[:32],
        mime_type="video/mp4", has_watermark=False, stored_at=now(),
    )  # fmt: skip


def archive(engine: Engine, job: int, video_id: str, status: Status) -> None:
    """Bring the media of a post of a job into a state."""
    wanted = [order(job, video_id)]
    if status is Status.PENDING:
        in_transaction(engine, lambda connection: ask(connection, wanted, now()))
        return
    holder = new_holder()
    in_transaction(engine, lambda connection: claim(connection, holder, wanted, now()))
    if status is Status.DOWNLOADING:
        return
    is_there = status is not Status.FAILED
    files = [file(video_id, "video"), file(video_id, "sidecar")] if is_there else []
    ended = Settlement(
        wanted[0],
        Status.DOWNLOADED if is_there else status,
        None if is_there else "video: gone",
        files,
    )
    in_transaction(engine, lambda connection: settle(connection, holder, [ended], now()))
    if status is Status.UPLOADED:
        for each in files:
            placed = Placed(f"1{each.role}{video_id}", f"https://drive.google.com/file/d/1{each.role}/view")
            note_upload(engine, each, "drive", placed, now())
    if status in (Status.UPLOADING, Status.UPLOADED):
        note_status(engine, video_id, status, now())


def begin(
    engine: Engine, declared: int | None = None, found: int = 0, at: datetime | None = None
) -> tuple[int, int]:
    """Let a process take up the next job; give its shard and attempt."""
    (shard,) = shards_to_schedule(engine, "test", at or now(), 1)
    claim_shard(engine, shard.id, shard.attempt, PROCESS, now())
    heartbeat(engine, shard.id, shard.attempt, now(), found=found, declared=declared)
    return shard.id, shard.attempt


def end(engine: Engine, shard: tuple[int, int], outcome: str = "ok", reason: str = "") -> None:
    """Let that process finish its one target."""
    finalise(engine, *shard, [Finding(position=1, outcome=outcome, reason=reason)], now())
    end_shard(engine, *shard, "finished", now())
