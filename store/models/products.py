"""Tables of the shop. Columns are the fields of `tiktok.items.Product` and `Seller`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Double, Index, Integer, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, TABLE_OPTIONS, Base, OutcomeColumns, SeenColumns
from store.models.types import ExactCounters, ItemId, Money, UtcDateTime
from tiktok.items import Product

LONG_TEXT = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
"""Sellers write more than the 64 KB of MySQL's TEXT."""


class ProductRow(SeenColumns, OutcomeColumns, Base):
    """A product, as last seen."""

    __tablename__ = "products"
    __table_args__ = (
        Index("ix_products_seller_id", "seller_id"),  # a seller's products
        Index("ix_products_category_id", "category_id"),  # a category's products
        Index("ix_products_sales_count", "sales_count"),  # most sold first
        TABLE_OPTIONS,
    )

    id: Mapped[str] = mapped_column(ItemId, primary_key=True, autoincrement=False)
    url: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(LONG_TEXT)
    rating: Mapped[float | None] = mapped_column(Double)
    seller_id: Mapped[str | None] = mapped_column(ItemId)
    seller_name: Mapped[str | None] = mapped_column(Text)
    category_id: Mapped[str | None] = mapped_column(ItemId)
    categories: Mapped[list[str] | None] = mapped_column(JSON)
    skus: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    is_available: Mapped[bool | None]
    region: Mapped[str | None] = mapped_column(String(32))
    price: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str | None] = mapped_column(String(3))
    original_price: Mapped[Decimal | None] = mapped_column(Money)
    discount: Mapped[int | None] = mapped_column(Integer)
    sales_count: Mapped[int | None] = mapped_column(BigInteger)
    review_count: Mapped[int | None] = mapped_column(BigInteger)
    exact_counters: Mapped[frozenset[str]] = mapped_column(ExactCounters(Product.counters))
    image_urls: Mapped[list[str] | None] = mapped_column(JSON)


class ProductReadingRow(Base):
    """A product's price, sales and reviews from `recorded_at` on."""

    __tablename__ = "product_readings"
    __table_args__ = CLUSTERED

    product_id: Mapped[str] = mapped_column(ItemId, primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    price: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str | None] = mapped_column(String(3))
    original_price: Mapped[Decimal | None] = mapped_column(Money)
    discount: Mapped[int | None] = mapped_column(Integer)
    sales_count: Mapped[int | None] = mapped_column(BigInteger)
    review_count: Mapped[int | None] = mapped_column(BigInteger)
    exact_counters: Mapped[frozenset[str]] = mapped_column(ExactCounters(Product.counters))


class SellerRow(SeenColumns, Base):
    """A seller, as last seen."""

    __tablename__ = "sellers"

    id: Mapped[str] = mapped_column(ItemId, primary_key=True, autoincrement=False)
    name: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    bio: Mapped[str | None] = mapped_column(Text)
    location: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(String(32))
    rating: Mapped[float | None] = mapped_column(Double)
    followers: Mapped[int | None] = mapped_column(BigInteger)
    sales_count: Mapped[int | None] = mapped_column(BigInteger)
    review_count: Mapped[int | None] = mapped_column(BigInteger)
    total_products: Mapped[int | None] = mapped_column(BigInteger)
    total_videos: Mapped[int | None] = mapped_column(BigInteger)
    avatar_url: Mapped[str | None] = mapped_column(Text)
