"""Items with everything filled in; a test states only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, Table, select

from store.models import Base
from tiktok.items import (
    Comment,
    Hashtag,
    Image,
    Product,
    Rendition,
    Seller,
    Sku,
    Sound,
    Subtitle,
    User,
    Video,
    VideoKind,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
EARLIER = NOON - timedelta(hours=1)


def make_video(**fields: Any) -> Video:
    """A photo post that fills every field."""
    full: dict[str, Any] = {
        "id": "7400000000000000001",
        "kind": VideoKind.PHOTO,
        "url": "https://www.tiktok.com/@maya/photo/7400000000000000001",
        "description": "Kaffee ☕ 👩‍🚀 شاي",
        "created_at": datetime(2026, 2, 28, 9, 30, 1, tzinfo=UTC),
        "user_id": "6800000000000000009",
        "username": "maya",
        "display_name": "Maya 😀",
        "sec_uid": "MS4wLjABAAAAmaya",
        "sound_id": "6900000000000000003",
        "sound_title": "original sound",
        "hashtags": ["coffee", "شاي"],
        "mentions": ["tom"],
        "views": 105_200,
        "likes": 9_000,
        "shares": 5_000_000_000,
        "comments_count": 12,
        "saves": 124_842,
        "reposts": 0,
        "exact_counters": frozenset({"likes", "comments_count", "saves", "reposts"}),
        "duration": 12.345,
        "width": 576,
        "height": 1024,
        "cover_url": "https://cdn.example/cover?x=1",
        "images": [Image(url="https://cdn.example/1", width=1080, height=1440)],
        "renditions": [Rendition(urls=["https://cdn.example/v"], codec="h264", size_bytes=5_000_000_000)],
        "subtitles": [
            Subtitle(url="https://cdn.example/s", language="deu-DE", format="webvtt", source="ASR")
        ],
        "language": "de",
        "region": "AT",
        "place": "Café Central",
        "playlist_id": "7300000000000000005",
        "duet_of_id": "7200000000000000006",
        "is_pinned": True,
        "is_ad": False,
        "is_ai_generated": False,
        "is_private": False,
        "is_taken_down": False,
        "is_age_gated": False,
        "route": "list",
        "scraped_at": NOON,
    }
    return Video(**full | fields)


def make_user(**fields: Any) -> User:
    """A profile that fills every field."""
    full: dict[str, Any] = {
        "id": "6800000000000000009",
        "username": "maya",
        "url": "https://www.tiktok.com/@maya",
        "sec_uid": "MS4wLjABAAAAmaya",
        "display_name": "Maya 😀",
        "bio": "Wien ☕\nΓειά",
        "bio_link": "example.org/maya",
        "avatar_url": "https://cdn.example/avatar?x=1",
        "created_at": datetime(2019, 5, 1, tzinfo=UTC),
        "verified": True,
        "is_private": False,
        "is_seller": False,
        "is_organization": False,
        "category": "Food & Drink",
        "language": "de",
        "region": "AT",
        "live_room_id": "7500000000000000004",
        "followers": 783_427,
        "following": 120,
        "total_likes": 9_000_000_001,
        "total_videos": 411,
        "likes_given": 77,
        "exact_counters": frozenset(User.counters),
        "route": "page",
        "scraped_at": NOON,
    }
    return User(**full | fields)


def make_sound(**fields: Any) -> Sound:
    """A sound that fills every field."""
    full: dict[str, Any] = {
        "id": "6900000000000000003",
        "title": "Walzer",
        "author": "Maya",
        "album": "Live",
        "url": "https://www.tiktok.com/music/Walzer-6900000000000000003",
        "duration": 60.0,
        "is_original": True,
        "is_copyrighted": False,
        "cover_url": "https://cdn.example/sound?x=1",
        "play_url": "https://cdn.example/sound.mp3?x=1",
        "total_videos": 1_200_000,
        "exact_counters": frozenset(),
        "route": "embed",
        "scraped_at": NOON,
    }
    return Sound(**full | fields)


def make_hashtag(**fields: Any) -> Hashtag:
    """A hashtag that fills every field."""
    full: dict[str, Any] = {
        "name": "شاي",
        "id": "42164",
        "url": "https://www.tiktok.com/tag/شاي",
        "description": "Tea",
        "cover_url": "https://cdn.example/tag?x=1",
        "is_commerce": False,
        "views": 3_500_000_000,
        "total_videos": 2_000_000,
        "exact_counters": frozenset({"views"}),
        "route": "embed",
        "scraped_at": NOON,
    }
    return Hashtag(**full | fields)


def make_comment(**fields: Any) -> Comment:
    """A reply that fills every field."""
    full: dict[str, Any] = {
        "id": "7400000000000000077",
        "video_id": "7400000000000000001",
        "parent_id": "7400000000000000070",
        "text": "👍🏽 ja",
        "created_at": datetime(2026, 2, 28, 10, tzinfo=UTC),
        "user_id": "6800000000000000010",
        "username": "tom",
        "display_name": "Tom",
        "likes": 3,
        "replies_count": 0,
        "language": "de",
        "is_pinned": False,
        "is_liked_by_author": True,
        "image_urls": ["https://cdn.example/c"],
        "route": "api",
        "scraped_at": NOON,
    }
    return Comment(**full | fields)


def make_product(**fields: Any) -> Product:
    """A product that fills every field."""
    full: dict[str, Any] = {
        "id": "1729447605324124806",
        "url": "https://www.tiktok.com/shop/pdp/lampe/1729447605324124806",
        "title": "Lampe 💡",
        "description": "hell\nklein",
        "price": Decimal("24.17"),
        "currency": "USD",
        "original_price": Decimal("31.75"),
        "discount": 24,
        "sales_count": 30_762,
        "review_count": 2_868,
        "exact_counters": frozenset(Product.counters),
        "rating": 4.5,
        "seller_id": "8655572138322465518",
        "seller_name": "Licht & Co",
        "category_id": "902416",
        "categories": ["Home", "Lampen"],
        "image_urls": ["https://cdn.example/p1?x=1", "https://cdn.example/p2?x=1"],
        "skus": [Sku(id="1729460223740711558", properties={"Farbe": "rot"}, price=Decimal("24.17"), stock=3)],
        "is_available": True,
        "region": "US",
        "route": "page",
        "scraped_at": NOON,
    }
    return Product(**full | fields)


def make_seller(**fields: Any) -> Seller:
    """A seller that fills every field."""
    full: dict[str, Any] = {
        "id": "8655572138322465518",
        "name": "Licht & Co",
        "url": "https://shop.tiktok.com/us/store/licht/8655572138322465518",
        "bio": "Licht ✨",
        "avatar_url": "https://cdn.example/logo?x=1",
        "location": "Germany",
        "region": "US",
        "rating": 4.6,
        "followers": 237_879,
        "sales_count": 3_767_605,
        "review_count": 284_185,
        "total_products": 36,
        "total_videos": 2_413,
        "route": "page",
        "scraped_at": NOON,
    }
    return Seller(**full | fields)


def read_rows(engine: Engine, model: type[Base]) -> list[dict[str, Any]]:
    """All rows of a table in order of the key."""
    table: Table = Base.metadata.tables[model.__tablename__]
    with engine.connect() as connection:
        return [
            dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
        ]


def read_row(engine: Engine, model: type[Base]) -> dict[str, Any]:
    """The only row of a table."""
    (row,) = read_rows(engine, model)
    return row
