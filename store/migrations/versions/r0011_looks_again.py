"""How often in a row a target ended as it did, and when another look is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def upgrade() -> None:
    op.add_column("outcomes", sa.Column("times", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("outcomes", sa.Column("again_at", MOMENT))
    op.create_index("ix_outcomes_again_at", "outcomes", ["again_at"])


def downgrade() -> None:
    op.drop_index("ix_outcomes_again_at", "outcomes")
    op.drop_column("outcomes", "again_at")
    op.drop_column("outcomes", "times")
