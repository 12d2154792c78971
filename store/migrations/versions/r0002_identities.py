"""Who asks and from where: identities with their leases and health, exits, and which token seeds are used."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Written out, not imported from the models: a migration must not change when they do.
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEALED = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
OPTIONS: dict[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}
CLUSTERED: dict[str, Any] = {**OPTIONS, "sqlite_with_rowid": False}


def upgrade() -> None:
    create_exits()
    create_identities()
    create_token_seeds()


def downgrade() -> None:
    for table in ("token_seeds", "identities", "exits"):
        op.drop_table(table)


def create_exits() -> None:
    op.create_table(
        "exits",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed", SEALED, nullable=True),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("rests", sa.Integer(), nullable=False),
        sa.Column("cooldown_until", MOMENT, nullable=True),
        sa.Column("probed_until", MOMENT, nullable=True),
        sa.Column("assigned_at", MOMENT, nullable=True),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )
    op.create_index("ux_exits_name", "exits", ["name"], unique=True)


def create_identities() -> None:
    op.create_table(
        "identities",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("exit_id", COUNTED, nullable=False),
        sa.Column("sealed", SEALED, nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("is_logged_in", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("health", sa.SmallInteger(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("rests", sa.Integer(), nullable=False),
        sa.Column("cooldown_until", MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("token_expires_at", MOMENT, nullable=True),
        sa.Column("leased_by", sa.String(length=128), nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )
    op.create_index("ix_identities_state_health", "identities", ["state", "health"])
    op.create_index("ix_identities_exit_id", "identities", ["exit_id"])
    op.create_index("ix_identities_key_id", "identities", ["key_id"])


def create_token_seeds() -> None:
    op.create_table(
        "token_seeds",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("identity_id", COUNTED, nullable=False),
        sa.Column("bound_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        **CLUSTERED,
    )
