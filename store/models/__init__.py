"""The tables. One module per kind of row; importing this package knows them all."""

from __future__ import annotations

from store.models.base import Base
from store.models.chores import ChoreRow
from store.models.clients import ApiKeyRow, ClientRow, SessionRow
from store.models.comments import CommentRow
from store.models.crawls import AnswerCountRow, ListingRow, OutcomeRow, RejectRow
from store.models.deliveries import DeliveryAttemptRow, DeliveryRow
from store.models.drive import DriveItemRow
from store.models.hashtags import HashtagRow
from store.models.history import HashtagHistoryRow, SoundHistoryRow, UserHistoryRow, VideoHistoryRow
from store.models.identities import ExitRow, IdentityRow, TokenSeedRow
from store.models.jobs import JobCountRow, JobRow, JobTargetRow, JobVideoRow, ShardRow
from store.models.media import MediaClaimRow, MediaFileRow, MediaRequestRow
from store.models.pace import PaceBucketRow, PacePeerRow, PaceRecordRow
from store.models.products import ProductReadingRow, ProductRow, SellerRow
from store.models.schedules import ScheduleRow, ScheduleRunRow
from store.models.sounds import SoundRow
from store.models.users import UserRow
from store.models.videos import VideoHashtagRow, VideoRow
from store.models.workers import WorkerRow

__all__ = [
    "AnswerCountRow",
    "ApiKeyRow",
    "Base",
    "ChoreRow",
    "ClientRow",
    "CommentRow",
    "DeliveryAttemptRow",
    "DeliveryRow",
    "DriveItemRow",
    "ExitRow",
    "HashtagHistoryRow",
    "HashtagRow",
    "IdentityRow",
    "JobCountRow",
    "JobRow",
    "JobTargetRow",
    "JobVideoRow",
    "ListingRow",
    "MediaClaimRow",
    "MediaFileRow",
    "MediaRequestRow",
    "OutcomeRow",
    "PaceBucketRow",
    "PacePeerRow",
    "PaceRecordRow",
    "ProductReadingRow",
    "ProductRow",
    "RejectRow",
    "ScheduleRow",
    "ScheduleRunRow",
    "SellerRow",
    "SessionRow",
    "ShardRow",
    "SoundHistoryRow",
    "SoundRow",
    "TokenSeedRow",
    "UserHistoryRow",
    "UserRow",
    "VideoHashtagRow",
    "VideoHistoryRow",
    "VideoRow",
    "WorkerRow",
]
