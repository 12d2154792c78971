"""Products of the shop with their prices and sales over time, and sellers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Written out, not imported from the models: a migration must not change when they do.
ITEM_ID = (
    sa.BigInteger()
    .with_variant(mysql.BIGINT(unsigned=True), "mysql", "mariadb")
    .with_variant(sa.Integer(), "sqlite")
)
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
MONEY = sa.Numeric(precision=15, scale=4)
LONG_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
OPTIONS: dict[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}


def upgrade() -> None:
    op.create_table(
        "products",
        sa.Column("id", ITEM_ID, autoincrement=False, nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("title", sa.Text()),
        sa.Column("description", LONG_TEXT),
        sa.Column("rating", sa.Double()),
        sa.Column("seller_id", ITEM_ID),
        sa.Column("seller_name", sa.Text()),
        sa.Column("category_id", ITEM_ID),
        sa.Column("categories", sa.JSON()),
        sa.Column("skus", sa.JSON()),
        sa.Column("is_available", sa.Boolean()),
        sa.Column("region", sa.String(length=32)),
        *_offer(),
        *_counters(),
        sa.Column("image_urls", sa.JSON()),
        *_seen(),
        sa.Column("outcome", sa.String(length=32)),
        sa.Column("outcome_at", MOMENT),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )
    op.create_index("ix_products_seller_id", "products", ["seller_id"])
    op.create_index("ix_products_category_id", "products", ["category_id"])
    op.create_index("ix_products_sales_count", "products", ["sales_count"])
    op.create_table(
        "product_readings",
        sa.Column("product_id", ITEM_ID, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        *_offer(),
        *_counters(),
        sa.PrimaryKeyConstraint("product_id", "recorded_at"),
        **OPTIONS,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sellers",
        sa.Column("id", ITEM_ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("bio", sa.Text()),
        sa.Column("location", sa.Text()),
        sa.Column("region", sa.String(length=32)),
        sa.Column("rating", sa.Double()),
        sa.Column("followers", sa.BigInteger()),
        sa.Column("sales_count", sa.BigInteger()),
        sa.Column("review_count", sa.BigInteger()),
        sa.Column("total_products", sa.BigInteger()),
        sa.Column("total_videos", sa.BigInteger()),
        sa.Column("avatar_url", sa.Text()),
        *_seen(),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )


def downgrade() -> None:
    op.drop_table("sellers")
    op.drop_table("product_readings")
    op.drop_table("products")


def _offer() -> list[sa.Column[object]]:
    return [
        sa.Column("price", MONEY),
        sa.Column("currency", sa.String(length=3)),
        sa.Column("original_price", MONEY),
        sa.Column("discount", sa.Integer()),
    ]


def _counters() -> list[sa.Column[object]]:
    return [
        sa.Column("sales_count", sa.BigInteger()),
        sa.Column("review_count", sa.BigInteger()),
        sa.Column("exact_counters", sa.SmallInteger(), nullable=False),
    ]


def _seen() -> list[sa.Column[object]]:
    return [
        sa.Column("route", sa.String(length=32)),
        sa.Column("scraped_at", MOMENT, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
    ]
