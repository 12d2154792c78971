"""`scrapy crawl sound -a id=…`: sounds with the posts that use them."""

from __future__ import annotations

from crawler.errands import Answer
from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from tiktok.endpoints import Known
from tiktok.items import Sound
from tiktok.routes import Operation


class SoundSpider(ListSpider):
    """Like a hashtag's, a sound's list has an order and an end of TikTok's choosing (facts B.7)."""

    name = "sound"
    operation = Operation.SOUND
    record_type = Sound

    async def follow_record(self, answer: Answer, record: Sound) -> Parts:
        return await self.begin_list(
            Operation.SOUND_VIDEOS, answer.errand.target, Known(), record.total_videos
        )
