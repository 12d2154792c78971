"""`scrapy crawl video -a url=…`: single posts, by URL, id or short link."""

from __future__ import annotations

from crawler.spiders.base import TikTokSpider
from tiktok.items import Video
from tiktok.routes import Operation


class VideoSpider(TikTokSpider):
    """One full record per post, with its author, sound and hashtags."""

    name = "video"
    operation = Operation.VIDEO
    record_type = Video
