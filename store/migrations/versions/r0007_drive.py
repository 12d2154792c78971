"""Google Drive: what we made there, or are about to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Written out, not imported from the models: a migration must not change when they do.
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "drive_items",
        sa.Column("parent_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("is_made", sa.Boolean(), nullable=False),
        sa.Column("is_adopted", sa.Boolean(), nullable=False),
        sa.Column("md5", sa.String(length=32)),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("key_id", sa.String(length=16)),
        sa.Column("session_md5", sa.String(length=32)),
        sa.Column("reserved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("parent_id", "name"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        sqlite_with_rowid=False,
    )
    op.create_index("ux_drive_items_id", "drive_items", ["id"], unique=True)


def downgrade() -> None:
    op.drop_table("drive_items")
