"""The table of workers; when a schedule was planned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Written out, not imported from the models: a migration must not change when they do.
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "workers",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        sqlite_with_rowid=False,
    )
    op.add_column("schedules", sa.Column("planned_at", MOMENT, nullable=True))
    op.create_index("ix_schedule_runs_state_ran_at", "schedule_runs", ["state", "ran_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_schedule_runs_state_ran_at", "schedule_runs")
    op.drop_column("schedules", "planned_at")
    op.drop_table("workers")
