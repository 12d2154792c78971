"""`scrapy crawl video -a url=…`: single posts, by URL, id or short link."""

from __future__ import annotations

from crawler.spiders.base import TikTokSpider
from tiktok.items import Video
from tiktok.routes import Operation
from tiktok.targets import Target


class VideoSpider(TikTokSpider):
    """One full record per post, with its author, sound and hashtags."""

    name = "video"
    operation = Operation.VIDEO
    record_type = Video

    def folder_of(self, video: Video | None, found_by: Target) -> str:
        """A folder per author, not one per post."""
        return (video and video.username) or super().folder_of(video, found_by)
