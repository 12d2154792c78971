"""`scrapy crawl hashtag -a tag=…`: hashtags with the posts TikTok shows under them."""

from __future__ import annotations

from crawler.errands import Answer
from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from tiktok.endpoints import Known
from tiktok.items import Hashtag
from tiktok.routes import Operation


class HashtagSpider(ListSpider):
    """TikTok orders and cuts this list as it likes (facts B.7): dates filter it, they don't shorten the walk."""

    name = "hashtag"
    operation = Operation.HASHTAG
    record_type = Hashtag

    async def follow_record(self, answer: Answer, record: Hashtag) -> Parts:
        return await self.begin_list(
            Operation.HASHTAG_VIDEOS,
            answer.errand.target,
            Known(challenge_id=record.id),
            record.total_videos,
        )
