"""An index for what all jobs of a kind found, and when the last one ended."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_jobs_kind_finished_at", "jobs", ["kind", "finished_at"])


def downgrade() -> None:
    op.drop_index("ix_jobs_kind_finished_at", "jobs")
