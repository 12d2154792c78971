"""Jobs that follow from what another one found; readings by their time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Written out, not imported from the models: a migration must not change when they do.
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("sequel", sa.String(length=32)))
    op.add_column("jobs", sa.Column("sequel_parameters", sa.JSON()))
    op.add_column("jobs", sa.Column("sequel_of", COUNTED))
    op.create_index("ix_jobs_sequel_state", "jobs", ["sequel", "state"])
    op.create_index("ix_jobs_sequel_of", "jobs", ["sequel_of"])
    op.create_index("ix_video_history_recorded_at", "video_history", ["recorded_at"])


def downgrade() -> None:
    op.drop_index("ix_video_history_recorded_at", "video_history")
    op.drop_index("ix_jobs_sequel_of", "jobs")
    op.drop_index("ix_jobs_sequel_state", "jobs")
    op.drop_column("jobs", "sequel_of")
    op.drop_column("jobs", "sequel_parameters")
    op.drop_column("jobs", "sequel")
