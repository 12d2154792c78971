"""Jobs with their shards and ledger, schedules, callbacks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Written out, not imported from the models: a migration must not change when they do.
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ITEM_ID = (
    sa.BigInteger()
    .with_variant(mysql.BIGINT(unsigned=True), "mysql", "mariadb")
    .with_variant(sa.Integer(), "sqlite")
)
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
OPTIONS: dict[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}
CLUSTERED: dict[str, Any] = {**OPTIONS, "sqlite_with_rowid": False}

TABLES = (
    "jobs",
    "shards",
    "job_targets",
    "job_counts",
    "job_videos",
    "schedules",
    "schedule_runs",
    "deliveries",
    "delivery_attempts",
)


def upgrade() -> None:
    create_jobs()
    create_shards()
    create_job_targets()
    create_job_counts()
    create_job_videos()
    create_schedules()
    create_schedule_runs()
    create_deliveries()
    create_delivery_attempts()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("idempotency", sa.String(length=64), nullable=True),
        sa.Column("exclusive_for", sa.String(length=64), nullable=True),
        sa.Column("is_exclusive", sa.Boolean(), nullable=False),
        sa.Column("schedule_id", COUNTED, nullable=True),
        sa.Column("callback_url", sa.Text(), nullable=True),
        sa.Column("is_by_hand", sa.Boolean(), nullable=False),
        sa.Column("targets_total", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("filled_at", MOMENT, nullable=False),
        sa.Column("is_sealed", sa.Boolean(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("cancel_requested_at", MOMENT, nullable=True),
        sa.Column("pause_requested_at", MOMENT, nullable=True),
        sa.Column("paused_since", MOMENT, nullable=True),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )
    op.create_index("ix_jobs_client_id_state", "jobs", ["client_id", "state"])
    op.create_index("ix_jobs_schedule_id", "jobs", ["schedule_id"])
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_index("ux_jobs_exclusive_for", "jobs", ["exclusive_for"], unique=True)
    op.create_index("ux_jobs_idempotency", "jobs", ["idempotency"], unique=True)
    op.create_index("ux_jobs_uuid", "jobs", ["uuid"], unique=True)


def create_shards() -> None:
    op.create_table(
        "shards",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("job_id", COUNTED, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_position", sa.Integer(), nullable=False),
        sa.Column("last_position", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("leased_by", sa.String(length=128), nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("node", sa.String(length=255), nullable=True),
        sa.Column("scrapyd_job", sa.String(length=64), nullable=True),
        sa.Column("scheduled_at", MOMENT, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("heartbeat_at", MOMENT, nullable=True),
        sa.Column("host", sa.String(length=255), nullable=True),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("process_started_at", MOMENT, nullable=True),
        sa.Column("waiting_for", sa.String(length=255), nullable=True),
        sa.Column("waiting_until", MOMENT, nullable=True),
        sa.Column("found", sa.Integer(), nullable=True),
        sa.Column("declared", sa.Integer(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("finish_reason", sa.String(length=255), nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )
    op.create_index("ix_shards_state_turn_id", "shards", ["state", "turn", "id"])
    op.create_index("ux_shards_job_id_number", "shards", ["job_id", "number"], unique=True)


def create_job_targets() -> None:
    op.create_table(
        "job_targets",
        sa.Column("job_id", COUNTED, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("given", sa.String(length=1024), nullable=False),
        sa.Column("target", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("same_as", sa.Integer(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("record_id", ITEM_ID, nullable=True),
        sa.Column("from_cache", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("job_id", "position"),
        **CLUSTERED,
    )
    op.create_index("ux_job_targets_job_id_target", "job_targets", ["job_id", "target"], unique=True)


def create_job_counts() -> None:
    op.create_table(
        "job_counts",
        sa.Column("job_id", COUNTED, nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("targets", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "shard", "outcome"),
        **CLUSTERED,
    )


def create_job_videos() -> None:
    op.create_table(
        "job_videos",
        sa.Column("job_id", COUNTED, nullable=False),
        sa.Column("video_id", ITEM_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "video_id"),
        **CLUSTERED,
    )
    op.create_index("ix_job_videos_video_id", "job_videos", ["video_id"])


def create_schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("callback_url", sa.Text(), nullable=True),
        sa.Column("interval_seconds", sa.Integer(), nullable=True),
        sa.Column("cron", sa.String(length=255), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("overlap", sa.String(length=16), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("next_run_at", MOMENT, nullable=True),
        sa.Column("last_run_at", MOMENT, nullable=True),
        sa.Column("total_runs", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String(length=128), nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )
    op.create_index("ix_schedules_client_id", "schedules", ["client_id"])
    op.create_index("ix_schedules_is_enabled_next_run_at", "schedules", ["is_enabled", "next_run_at"])
    op.create_index("ux_schedules_uuid", "schedules", ["uuid"], unique=True)


def create_schedule_runs() -> None:
    op.create_table(
        "schedule_runs",
        sa.Column("schedule_id", COUNTED, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("job_id", COUNTED, nullable=True),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("ran_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("schedule_id", "due_at"),
        **CLUSTERED,
    )
    op.create_index("ix_schedule_runs_job_id", "schedule_runs", ["job_id"])


def create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("job_id", COUNTED, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("leased_by", sa.String(length=128), nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )
    op.create_index("ix_deliveries_state_due_at", "deliveries", ["state", "due_at"])
    op.create_index("ux_deliveries_job_id_round", "deliveries", ["job_id", "round"], unique=True)
    op.create_index("ux_deliveries_uuid", "deliveries", ["uuid"], unique=True)


def create_delivery_attempts() -> None:
    op.create_table(
        "delivery_attempts",
        sa.Column("delivery_id", COUNTED, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id", "number"),
        **CLUSTERED,
    )
