"""Files in Drive folders of jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Written out, not imported from the models: a migration must not change when they do.
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
ITEM_ID = (
    sa.BigInteger()
    .with_variant(mysql.BIGINT(unsigned=True), "mysql", "mariadb")
    .with_variant(sa.Integer(), "sqlite")
)


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "media_copies",
        sa.Column("video_id", ITEM_ID, autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("variant", sa.String(length=48), nullable=False),
        sa.Column("folder_id", sa.String(length=128), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=True),
        sa.Column("remote_link", sa.Text(), nullable=True),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("video_id", "role", "variant", "folder_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_media_copies_sha256", "media_copies", ["sha256"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("media_copies")
