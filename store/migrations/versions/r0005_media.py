"""The archive: who asked for which post's media, which files there are, who is at work on them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Written out, not imported from the models: a migration must not change when they do.
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
ITEM_ID = (
    sa.BigInteger()
    .with_variant(mysql.BIGINT(unsigned=True), "mysql", "mariadb")
    .with_variant(sa.Integer(), "sqlite")
)
CLUSTERED: dict[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
    "sqlite_with_rowid": False,
}


def upgrade() -> None:
    op.create_table(
        "media_requests",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("video_id", ITEM_ID, autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "video_id"),
        **CLUSTERED,
    )
    op.create_index("ix_media_requests_video_id", "media_requests", ["video_id"])
    op.create_index("ix_media_requests_status", "media_requests", ["status", "job_id"])
    op.create_table(
        "media_files",
        sa.Column("video_id", ITEM_ID, autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("variant", sa.String(length=48), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("md5", sa.String(length=32), nullable=False),
        sa.Column("mime_type", sa.String(length=64), nullable=False),
        sa.Column("has_watermark", sa.Boolean()),
        sa.Column("quality", sa.String(length=64)),
        sa.Column("codec", sa.String(length=32)),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("duration", sa.Double()),
        sa.Column("stored_at", MOMENT, nullable=False),
        sa.Column("uploaded_to", sa.String(length=16)),
        sa.Column("uploaded_at", MOMENT),
        sa.Column("remote_id", sa.Text()),
        sa.Column("remote_link", sa.Text()),
        sa.PrimaryKeyConstraint("video_id", "role", "variant"),
        **CLUSTERED,
    )
    op.create_index("ix_media_files_sha256", "media_files", ["sha256"])
    op.create_table(
        "media_claims",
        sa.Column("video_id", ITEM_ID, autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=128), nullable=False),
        sa.Column("held_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("video_id"),
        **CLUSTERED,
    )


def downgrade() -> None:
    for table in ("media_claims", "media_files", "media_requests"):
        op.drop_table(table)
