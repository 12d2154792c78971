"""How each type of item lies in its table: which columns a row holds, in which order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Table

from store.models import (
    Base,
    CommentRow,
    HashtagHistoryRow,
    HashtagRow,
    ProductReadingRow,
    ProductRow,
    SellerRow,
    SoundHistoryRow,
    SoundRow,
    UserHistoryRow,
    UserRow,
    VideoHistoryRow,
    VideoRow,
)
from tiktok.items import Comment, Hashtag, Item, Product, Seller, Sound, User, Video

Row = list[Any]
"""Values as both database drivers take them, in the order of `Shape.columns`."""

LINKS = frozenset(("cover_url", "avatar_url", "play_url", "image_urls", "images", "renditions", "subtitles"))
"""Columns of signed links, different at every visit: always refreshed, never counted as a change."""

HIDDEN_FLAGS = ("is_private", "is_taken_down", "is_age_gated")
"""A post that carries one of these is listed and yet not there."""


class Shape:
    """A row's order: key, facts, offer, counters, `exact_counters` (with counters), `route`, `scraped_at`, links."""

    def __init__(
        self, item_type: type[Item], model: type[Base], history: type[Base] | None = None, key: str = "id"
    ) -> None:
        self.item_type = item_type
        self.table: Table = model.metadata.tables[model.__tablename__]
        self.history = history.metadata.tables[history.__tablename__] if history else None
        self.key = key
        placed = {key, *item_type.offer, *item_type.counters, *LINKS, "exact_counters", "route", "scraped_at"}
        fields = [name for name in item_type.__dataclass_fields__ if name in self.table.columns]
        facts = [name for name in fields if name not in placed]
        exact = ["exact_counters"] if item_type.counters else []
        links = [name for name in fields if name in LINKS]
        told = (key, *facts, *item_type.offer)
        self.columns = (*told, *item_type.counters, *exact, "route", "scraped_at", *links)
        self.offer = slice(1 + len(facts), len(told))
        """What something costs: empty for what costs nothing."""
        self.counters = slice(len(told), len(told) + len(item_type.counters))
        self.readings = slice(self.offer.start, self.counters.stop)
        """Whose changes are history."""
        self.route = self.columns.index("route")
        """Where the part ends whose difference is a change."""
        self.seen = self.columns.index("scraped_at")
        """Where `scraped_at` stands; links follow."""
        self.flags = [i for i, name in enumerate(self.columns) if name in HIDDEN_FLAGS]
        """Where the marks of a hidden post stand."""
        self.tags = self.columns.index("hashtags") if "hashtags" in self.columns else None
        """Where a post's hashtags stand."""
        self.kind = self.columns.index("kind") if "kind" in self.columns else None
        """Where a post's kind stands."""
        self.revives = item_type in (Video, Product)
        """A post or product is back when it was seen; of a profile only its own crawl can tell (`Outcome`)."""

    def typed_columns(self) -> list[Column[Any]]:
        """The table's columns in the row's order."""
        return [self.table.columns[name] for name in self.columns]


VIDEOS = Shape(Video, VideoRow, VideoHistoryRow)
USERS = Shape(User, UserRow, UserHistoryRow)
SOUNDS = Shape(Sound, SoundRow, SoundHistoryRow)
HASHTAGS = Shape(Hashtag, HashtagRow, HashtagHistoryRow, key="name")
COMMENTS = Shape(Comment, CommentRow)
PRODUCTS = Shape(Product, ProductRow, ProductReadingRow)
SELLERS = Shape(Seller, SellerRow)

SHAPES = (VIDEOS, COMMENTS, PRODUCTS, SELLERS, SOUNDS, USERS, HASHTAGS)
"""In the order of writing: rows that many writers share (#fyp) come last, so that they are locked briefly."""
