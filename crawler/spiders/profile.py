"""`scrapy crawl profile -a user=…`: profiles with their whole public history of posts."""

from __future__ import annotations

from crawler.errands import Answer
from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from tiktok.endpoints import Known
from tiktok.items import User, Video
from tiktok.routes import Operation
from tiktok.targets import Target
from tiktok.verdicts import Verdict


class ProfileSpider(ListSpider):
    """Profile first, for its exact counters and the `sec_uid` that lists are asked with; then its posts."""

    name = "profile"
    operation = Operation.PROFILE
    record_type = User

    async def follow_record(self, answer: Answer, record: User) -> Parts:
        if record.is_private and not record.total_videos:
            return [self.outcome(answer, Verdict.PRIVATE, "the account is private")]
        known = Known(username=record.username, sec_uid=record.sec_uid, user_id=record.id)
        return await self.begin_list(
            Operation.PROFILE_VIDEOS, answer.errand.target, known, record.total_videos
        )

    def folder_of(self, video: Video | None, found_by: Target) -> str:
        """By name, also where the profile was given by its id or secUid."""
        return (video and video.username) or super().folder_of(video, found_by)
