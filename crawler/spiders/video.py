"""`scrapy crawl video -a url=…`: single posts, by URL, id or short link."""

from __future__ import annotations

from crawler.arguments import Argument, word
from crawler.spiders.base import TikTokSpider
from tiktok.items import Video
from tiktok.routes import Operation
from tiktok.urls import TargetKind


class VideoSpider(TikTokSpider):
    """One full record per post, with its author, sound and hashtags."""

    name = "video"
    target_argument = Argument("url", word, "post URL, short link or id", is_required=True)
    target_kind = TargetKind.VIDEO
    operation = Operation.VIDEO
    record_type = Video
