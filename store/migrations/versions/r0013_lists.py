"""Indexes for long lists: posts counted by views and likes at once, a client's jobs from the newest on."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_videos_views", "videos")
    op.create_index("ix_videos_views_id_likes", "videos", ["views", "id", "likes"])
    op.create_index("ix_jobs_client_id_sequel_of_is_sealed", "jobs", ["client_id", "sequel_of", "is_sealed"])


def downgrade() -> None:
    op.drop_index("ix_jobs_client_id_sequel_of_is_sealed", "jobs")
    op.drop_index("ix_videos_views_id_likes", "videos")
    op.create_index("ix_videos_views", "videos", ["views"])
