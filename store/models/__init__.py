"""The tables. One module per kind of row; importing this package knows them all."""

from __future__ import annotations

from store.models.base import Base
from store.models.comments import CommentRow
from store.models.crawls import ListingRow, OutcomeRow, RejectRow
from store.models.hashtags import HashtagRow
from store.models.history import HashtagHistoryRow, SoundHistoryRow, UserHistoryRow, VideoHistoryRow
from store.models.identities import ExitRow, IdentityRow, TokenSeedRow
from store.models.pace import PaceBucketRow, PacePeerRow, PaceRecordRow
from store.models.sounds import SoundRow
from store.models.users import UserRow
from store.models.videos import VideoHashtagRow, VideoRow

__all__ = [
    "Base",
    "CommentRow",
    "ExitRow",
    "HashtagHistoryRow",
    "HashtagRow",
    "IdentityRow",
    "ListingRow",
    "OutcomeRow",
    "PaceBucketRow",
    "PacePeerRow",
    "PaceRecordRow",
    "RejectRow",
    "SoundHistoryRow",
    "SoundRow",
    "TokenSeedRow",
    "UserHistoryRow",
    "UserRow",
    "VideoHashtagRow",
    "VideoHistoryRow",
    "VideoRow",
]
