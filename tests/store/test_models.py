"""The tables speak the items' vocabulary."""

from __future__ import annotations

from dataclasses import fields

import pytest

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
from store.models.types import pack_counters
from tiktok.items import ITEM_TYPES, Comment, Hashtag, Item, Product, Seller, Sound, User, Video

TABLES: dict[type[Item], type[Base]] = {
    Video: VideoRow,
    User: UserRow,
    Sound: SoundRow,
    Hashtag: HashtagRow,
    Comment: CommentRow,
    Product: ProductRow,
    Seller: SellerRow,
}
HISTORIES: dict[type[Item], type[Base]] = {
    Video: VideoHistoryRow,
    User: UserHistoryRow,
    Sound: SoundHistoryRow,
    Hashtag: HashtagHistoryRow,
    Product: ProductReadingRow,
}


@pytest.mark.parametrize("item_type", ITEM_TYPES)
def test_every_field_of_an_item_is_a_column_of_the_same_name(item_type: type[Item]) -> None:
    columns = set(Base.metadata.tables[TABLES[item_type].__tablename__].columns.keys())

    missing = {field.name for field in fields(item_type)} - columns

    assert not missing


@pytest.mark.parametrize("item_type", HISTORIES)
def test_history_holds_the_offer_all_counters_and_how_exact_they_are(item_type: type[Item]) -> None:
    history = Base.metadata.tables[HISTORIES[item_type].__tablename__]

    columns = tuple(history.columns.keys())

    assert columns[1:] == ("recorded_at", *item_type.offer, *item_type.counters, "exact_counters")


def test_every_counted_item_has_a_history() -> None:
    assert set(HISTORIES) == {item_type for item_type in ITEM_TYPES if item_type.counters}


@pytest.mark.parametrize(
    ("item_type", "bits"),
    [
        (Video, ("views", "likes", "shares", "comments_count", "saves", "reposts")),
        (User, ("followers", "following", "total_likes", "total_videos", "likes_given")),
        (Sound, ("total_videos",)),
        (Hashtag, ("views", "total_videos")),
        (Product, ("sales_count", "review_count")),
    ],
)
def test_the_bits_of_exact_counters_keep_their_meaning(item_type: type[Item], bits: tuple[str, ...]) -> None:
    masks = [pack_counters(frozenset({name}), item_type.counters) for name in bits]

    assert masks == [1 << bit for bit in range(len(bits))], "stored masks would change their meaning"
