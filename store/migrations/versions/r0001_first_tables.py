"""The first tables: what was collected, its history, and the crawl's own records."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out, not imported from the models: a migration must not change when they do.
ITEM_ID = (
    sa.BigInteger()
    .with_variant(mysql.BIGINT(unsigned=True), "mysql", "mariadb")
    .with_variant(sa.Integer(), "sqlite")
)
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
OPTIONS: dict[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}
CLUSTERED: dict[str, Any] = {**OPTIONS, "sqlite_with_rowid": False}
TABLES = (
    "comments",
    "hashtag_history",
    "hashtags",
    "listings",
    "outcomes",
    "rejects",
    "sound_history",
    "sounds",
    "user_history",
    "users",
    "video_hashtags",
    "video_history",
    "videos",
)


def upgrade() -> None:
    create_comments()
    create_hashtag_history()
    create_hashtags()
    create_listings()
    create_outcomes()
    create_rejects()
    create_sound_history()
    create_sounds()
    create_user_history()
    create_users()
    create_video_hashtags()
    create_video_history()
    create_videos()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", ITEM_ID, autoincrement=False, nullable=False),
        sa.Column("video_id", ITEM_ID, nullable=True),
        sa.Column("parent_id", ITEM_ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=True),
        sa.Column("user_id", ITEM_ID, nullable=True),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("replies_count", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=32), nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=True),
        sa.Column("is_liked_by_author", sa.Boolean(), nullable=True),
        sa.Column("image_urls", sa.JSON(), nullable=True),
        sa.Column("route", sa.String(length=32), nullable=True),
        sa.Column("scraped_at", MOMENT, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )
    op.create_index("ix_comments_video_id_created_at", "comments", ["video_id", "created_at"])


def create_hashtag_history() -> None:
    op.create_table(
        "hashtag_history",
        sa.Column("hashtag", sa.String(length=255), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("total_videos", sa.BigInteger(), nullable=True),
        sa.Column("exact_counters", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hashtag", "recorded_at"),
        **CLUSTERED,
    )


def create_hashtags() -> None:
    op.create_table(
        "hashtags",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("id", ITEM_ID, nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("cover_url", sa.Text(), nullable=True),
        sa.Column("is_commerce", sa.Boolean(), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("total_videos", sa.BigInteger(), nullable=True),
        sa.Column("exact_counters", sa.SmallInteger(), nullable=False),
        sa.Column("route", sa.String(length=32), nullable=True),
        sa.Column("scraped_at", MOMENT, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        **CLUSTERED,
    )


def create_listings() -> None:
    op.create_table(
        "listings",
        sa.Column("operation", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=255), nullable=False),
        sa.Column("scope", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("declared", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("route", sa.String(length=32), nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("operation", "target", "scope"),
        **CLUSTERED,
    )


def create_outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("operation", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=255), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("route", sa.String(length=32), nullable=True),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("operation", "kind", "target"),
        **CLUSTERED,
    )


def create_rejects() -> None:
    op.create_table(
        "rejects",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_type", sa.String(length=16), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )


def create_sound_history() -> None:
    op.create_table(
        "sound_history",
        sa.Column("sound_id", ITEM_ID, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("total_videos", sa.BigInteger(), nullable=True),
        sa.Column("exact_counters", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sound_id", "recorded_at"),
        **CLUSTERED,
    )


def create_sounds() -> None:
    op.create_table(
        "sounds",
        sa.Column("id", ITEM_ID, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("album", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("duration", sa.Double(), nullable=True),
        sa.Column("is_original", sa.Boolean(), nullable=True),
        sa.Column("is_copyrighted", sa.Boolean(), nullable=True),
        sa.Column("cover_url", sa.Text(), nullable=True),
        sa.Column("play_url", sa.Text(), nullable=True),
        sa.Column("total_videos", sa.BigInteger(), nullable=True),
        sa.Column("exact_counters", sa.SmallInteger(), nullable=False),
        sa.Column("route", sa.String(length=32), nullable=True),
        sa.Column("scraped_at", MOMENT, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )


def create_user_history() -> None:
    op.create_table(
        "user_history",
        sa.Column("user_id", ITEM_ID, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("followers", sa.BigInteger(), nullable=True),
        sa.Column("following", sa.BigInteger(), nullable=True),
        sa.Column("total_likes", sa.BigInteger(), nullable=True),
        sa.Column("total_videos", sa.BigInteger(), nullable=True),
        sa.Column("likes_given", sa.BigInteger(), nullable=True),
        sa.Column("exact_counters", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "recorded_at"),
        **CLUSTERED,
    )


def create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", ITEM_ID, autoincrement=False, nullable=False),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("sec_uid", sa.String(length=255), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("bio_link", sa.Text(), nullable=True),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("is_private", sa.Boolean(), nullable=True),
        sa.Column("is_seller", sa.Boolean(), nullable=True),
        sa.Column("is_organization", sa.Boolean(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=32), nullable=True),
        sa.Column("region", sa.String(length=32), nullable=True),
        sa.Column("live_room_id", sa.String(length=32), nullable=True),
        sa.Column("followers", sa.BigInteger(), nullable=True),
        sa.Column("following", sa.BigInteger(), nullable=True),
        sa.Column("total_likes", sa.BigInteger(), nullable=True),
        sa.Column("total_videos", sa.BigInteger(), nullable=True),
        sa.Column("likes_given", sa.BigInteger(), nullable=True),
        sa.Column("exact_counters", sa.SmallInteger(), nullable=False),
        sa.Column("route", sa.String(length=32), nullable=True),
        sa.Column("scraped_at", MOMENT, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("outcome_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )
    op.create_index("ix_users_followers", "users", ["followers"])
    op.create_index("ix_users_total_videos", "users", ["total_videos"])
    op.create_index("ix_users_username", "users", ["username"])


def create_video_hashtags() -> None:
    op.create_table(
        "video_hashtags",
        sa.Column("hashtag", sa.String(length=255), nullable=False),
        sa.Column("video_id", ITEM_ID, nullable=False),
        sa.PrimaryKeyConstraint("hashtag", "video_id"),
        **CLUSTERED,
    )


def create_video_history() -> None:
    op.create_table(
        "video_history",
        sa.Column("video_id", ITEM_ID, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("shares", sa.BigInteger(), nullable=True),
        sa.Column("comments_count", sa.BigInteger(), nullable=True),
        sa.Column("saves", sa.BigInteger(), nullable=True),
        sa.Column("reposts", sa.BigInteger(), nullable=True),
        sa.Column("exact_counters", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("video_id", "recorded_at"),
        **CLUSTERED,
    )


def create_videos() -> None:
    op.create_table(
        "videos",
        sa.Column("id", ITEM_ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=True),
        sa.Column("user_id", ITEM_ID, nullable=True),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("sec_uid", sa.String(length=255), nullable=True),
        sa.Column("sound_id", ITEM_ID, nullable=True),
        sa.Column("sound_title", sa.Text(), nullable=True),
        sa.Column("hashtags", sa.JSON(), nullable=True),
        sa.Column("mentions", sa.JSON(), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=True),
        sa.Column("likes", sa.BigInteger(), nullable=True),
        sa.Column("shares", sa.BigInteger(), nullable=True),
        sa.Column("comments_count", sa.BigInteger(), nullable=True),
        sa.Column("saves", sa.BigInteger(), nullable=True),
        sa.Column("reposts", sa.BigInteger(), nullable=True),
        sa.Column("exact_counters", sa.SmallInteger(), nullable=False),
        sa.Column("duration", sa.Double(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("cover_url", sa.Text(), nullable=True),
        sa.Column("images", sa.JSON(), nullable=True),
        sa.Column("renditions", sa.JSON(), nullable=True),
        sa.Column("subtitles", sa.JSON(), nullable=True),
        sa.Column("language", sa.String(length=32), nullable=True),
        sa.Column("region", sa.String(length=32), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("playlist_id", ITEM_ID, nullable=True),
        sa.Column("duet_of_id", ITEM_ID, nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=True),
        sa.Column("is_ad", sa.Boolean(), nullable=True),
        sa.Column("is_ai_generated", sa.Boolean(), nullable=True),
        sa.Column("is_private", sa.Boolean(), nullable=True),
        sa.Column("is_taken_down", sa.Boolean(), nullable=True),
        sa.Column("is_age_gated", sa.Boolean(), nullable=True),
        sa.Column("route", sa.String(length=32), nullable=True),
        sa.Column("scraped_at", MOMENT, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("outcome_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        **OPTIONS,
    )
    op.create_index("ix_videos_created_at", "videos", ["created_at"])
    op.create_index("ix_videos_likes", "videos", ["likes"])
    op.create_index("ix_videos_user_id_created_at", "videos", ["user_id", "created_at"])
    op.create_index("ix_videos_username_created_at", "videos", ["username", "created_at"])
    op.create_index("ix_videos_views", "videos", ["views"])
