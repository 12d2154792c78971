"""A post is read once more when its links have expired or are refused: its page gives fresh ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.errands import Answer, Errand
from crawler.media.access import Access
from crawler.media.origins import Origins
from pipelines.media_source import Missed
from tiktok.items import Video
from tiktok.media.wanted import Around
from tiktok.routes import Operation
from tiktok.targets import Target
from tiktok.urls import TargetKind, read_target

if TYPE_CHECKING:
    from crawler.spiders.base import TikTokSpider


@dataclass(frozen=True, slots=True)
class Fresh:
    """What the second reading told."""

    video: Video
    around: Around
    access: Access | None


async def reread(crawler: Crawler, video: Video) -> Fresh | Missed:
    """Ask for the post by all its routes, with any identity that may ask."""
    spider = cast("TikTokSpider", crawler.spider)
    errand = Errand(Operation.VIDEO, target_of(video))
    request = await spider.dispatcher.request(errand, _nobody)
    if request is None:
        return Missed("its links expired, and no route is left to ask for new ones")
    crawler.stats.inc_value("media/reread")
    answer = Answer.of(await crawler.engine.download_async(request))
    items = answer.reply.parsed.items
    again = next((item for item in items if isinstance(item, Video) and item.id == video.id), None)
    if not answer.is_ok or again is None:
        told = answer.judgement
        return Missed(
            f"its links expired, and it can't be read again: {told.verdict}, {told.detail or told.rule}"
        )
    origins = Origins()
    origins.note(items, spider.media_order, answer.access)
    origin = origins.get(video.id)
    assert origin
    return Fresh(again, origin.around, origin.access)


def target_of(video: Video) -> Target:
    """The target that a post is; its own address names its author."""
    return read_target(video.url or video.id, TargetKind.VIDEO)


def _nobody(response: Response) -> None:
    """Stand in for a callback: the answer is awaited."""
