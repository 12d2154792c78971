"""Tables of jobs: what somebody wants crawled, cut into shards, with a ledger of one row per target."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, Boolean, Index, Integer, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, TABLE_OPTIONS, Base
from store.models.crawls import TARGET_LENGTH
from store.models.types import ItemId, UtcDateTime

# SQLite counts up by itself only where the type reads INTEGER.
COUNTED = BigInteger().with_variant(Integer(), "sqlite")
CLIENT_LENGTH = 64
HOLDER_LENGTH = 128
REASON_LENGTH = 255
GIVEN_LENGTH = 1024


class JobRow(Base):
    """What somebody wants crawled: `store.jobs`."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ux_jobs_uuid", "uuid", unique=True),
        Index("ux_jobs_idempotency", "idempotency", unique=True),
        Index("ux_jobs_exclusive_for", "exclusive_for", unique=True),
        Index("ix_jobs_client_id_state", "client_id", "state"),
        # A client's list, the newest first: ids come last in every index.
        Index("ix_jobs_client_id_sequel_of_is_sealed", "client_id", "sequel_of", "is_sealed"),
        Index(
            "ix_jobs_kind_finished_at", "kind", "finished_at"
        ),  # what a kind's jobs found, when the last ended
        Index("ix_jobs_state", "state"),
        Index("ix_jobs_schedule_id", "schedule_id"),
        Index("ix_jobs_sequel_state", "sequel", "state"),
        Index("ix_jobs_sequel_of", "sequel_of"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36))
    client_id: Mapped[str | None] = mapped_column(String(CLIENT_LENGTH))
    """Whose it is; empty for the operator's own."""
    kind: Mapped[str] = mapped_column(String(32))
    """The spider that crawls it."""
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The spider's arguments but for the targets, which stand in the ledger."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What whoever made it wants to remember with it."""
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH))
    """Why it is in this state, for a person."""
    priority: Mapped[int] = mapped_column(Integer)
    """Higher ones go first."""
    idempotency: Mapped[str | None] = mapped_column(String(64))
    """Digest of client and idempotency key: the same key gives the same job."""
    exclusive_for: Mapped[str | None] = mapped_column(String(CLIENT_LENGTH))
    """The client, as long as this is its one active callback job; unique, so that there can't be two."""
    is_exclusive: Mapped[bool] = mapped_column(Boolean)
    """It is such a job, active or not."""
    schedule_id: Mapped[int | None] = mapped_column(COUNTED)
    callback_url: Mapped[str | None] = mapped_column(Text)
    is_by_hand: Mapped[bool] = mapped_column(Boolean)
    """Its process was started by a person: no worker starts another one."""
    sequel: Mapped[str | None] = mapped_column(String(32))
    """The kind of job to be made of the posts it finds, once it has ended; emptied when that was made."""
    sequel_parameters: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    sequel_of: Mapped[int | None] = mapped_column(COUNTED)
    """The job whose posts this one is about."""
    targets_total: Mapped[int] = mapped_column(Integer)
    """Rows of the ledger."""
    round: Mapped[int] = mapped_column(Integer)
    """How many times it was begun: 1, and one more for each retry of its failed targets."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    filled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When targets last came in."""
    is_sealed: Mapped[bool] = mapped_column(Boolean)
    """All targets came in; nothing is crawled before."""
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pause_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """A person paused it; otherwise it pauses, and goes on, by itself."""
    paused_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it will try to go on by itself, where that is known."""


class ShardRow(Base):
    """A range of a job's ledger that one process crawls."""

    __tablename__ = "shards"
    __table_args__ = (
        Index("ux_shards_job_id_number", "job_id", "number", unique=True),
        Index("ix_shards_state_turn_id", "state", "turn", "id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    job_id: Mapped[int] = mapped_column(COUNTED)
    number: Mapped[int] = mapped_column(Integer)
    """From 1, in the ledger's order."""
    first_position: Mapped[int] = mapped_column(Integer)
    last_position: Mapped[int] = mapped_column(Integer)
    turn: Mapped[int] = mapped_column(Integer)
    """Lower ones go first: the job's priority, negated, so that an index has them in order."""
    state: Mapped[str] = mapped_column(String(16))
    attempt: Mapped[int] = mapped_column(Integer)
    """One more whenever somebody is about to start a process for it; who carries an older number is fenced out."""
    failures: Mapped[int] = mapped_column(Integer)
    """Processes lost in a row, without a target done in between."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Not to be started before."""
    leased_by: Mapped[str | None] = mapped_column(String(HOLDER_LENGTH))
    """The worker that is about to start a process for it."""
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    node: Mapped[str | None] = mapped_column(String(255))
    """Address of the Scrapyd that got it, without credentials."""
    scrapyd_job: Mapped[str | None] = mapped_column(String(64))
    scheduled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    host: Mapped[str | None] = mapped_column(String(255))
    pid: Mapped[int | None] = mapped_column(Integer)
    process_started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """With host and pid it tells the process from a later one of the same number."""
    waiting_for: Mapped[str | None] = mapped_column(String(REASON_LENGTH))
    """Its process lives but can't ask, and why."""
    waiting_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    found: Mapped[int | None] = mapped_column(Integer)
    """Rows its lists gave so far."""
    declared: Mapped[int | None] = mapped_column(Integer)
    """Rows its lists are said to have, as far as known."""
    exit_code: Mapped[int | None] = mapped_column(Integer)
    finish_reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobTargetRow(Base):
    """The ledger: one row per target that came in, in order."""

    __tablename__ = "job_targets"
    __table_args__ = (
        # Each thing is crawled once per job: duplicates and invalid targets have none, and only point or explain.
        Index("ux_job_targets_job_id_target", "job_id", "target", unique=True),
        CLUSTERED,
    )

    job_id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    """From 1, as the targets came in."""
    given: Mapped[str] = mapped_column(String(GIVEN_LENGTH))
    """As the user wrote it."""
    target: Mapped[str | None] = mapped_column(String(TARGET_LENGTH))
    """`Target.key`; empty for duplicates and invalid ones."""
    state: Mapped[str] = mapped_column(String(16))
    same_as: Mapped[int | None] = mapped_column(Integer)
    """Position of the first row that wants the same: its outcome is this one's, too."""
    answers: Mapped[int] = mapped_column(Integer)
    """How many positions this row's outcome answers: itself and its duplicates."""
    outcome: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)
    record_id: Mapped[str | None] = mapped_column(ItemId)
    """The user, post or sound that answered."""
    from_cache: Mapped[bool] = mapped_column(Boolean)
    attempt: Mapped[int | None] = mapped_column(Integer)
    """The shard's attempt that finalised it."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobCountRow(Base):
    """How many targets of a shard ended how; written with the ledger's rows, so that nobody counts a million."""

    __tablename__ = "job_counts"
    __table_args__ = CLUSTERED

    job_id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    shard: Mapped[int] = mapped_column(Integer, primary_key=True)
    """`ShardRow.number`."""
    outcome: Mapped[str] = mapped_column(String(32), primary_key=True)
    targets: Mapped[int] = mapped_column(Integer)


class JobVideoRow(Base):
    """Which posts a job found; the same post may be found by many."""

    __tablename__ = "job_videos"
    __table_args__ = (Index("ix_job_videos_video_id", "video_id"), CLUSTERED)

    job_id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    video_id: Mapped[str] = mapped_column(ItemId, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    """The target that led to it first."""
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)


# Declared wider than what a mapped class has.
JOBS = cast("Table", JobRow.__table__)
SHARDS = cast("Table", ShardRow.__table__)
JOB_TARGETS = cast("Table", JobTargetRow.__table__)
JOB_COUNTS = cast("Table", JobCountRow.__table__)
JOB_VIDEOS = cast("Table", JobVideoRow.__table__)
