"""Posts whose media an earlier crawl left undone, and which this one does not meet again: read once more."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from scrapy.http import Response
from sqlalchemy import Engine

from crawler.errands import Answer, Errand
from store.media.book import Order
from store.media.retries import Choice, give_up, open_orders
from tiktok.items import Video
from tiktok.routes import Operation
from tiktok.targets import WORDS
from tiktok.urls import TargetKind

if TYPE_CHECKING:
    from crawler.spiders.base import TikTokSpider

MOST = 1_000
"""A killed crawl leaves what it had in hand; what failed is no leftover."""


class Leftovers:
    """Of one crawl. Each answer asks for the next post, so that no identity waits for its turn."""

    def __init__(self, spider: TikTokSpider) -> None:
        self.spider = spider
        self._orders: deque[Order] = deque()
        self._current: Order | None = None

    async def take_up(self, engine: Engine, value: str) -> list[Any]:
        """Look what is left of the media of a list's posts, and ask for the first one."""
        self.engine = engine
        choice = Choice(mode=self.spider.name, value=value)
        uploads = bool(self.spider.settings["MEDIA_STORE"] or self.spider.media_wish.drive_folder)
        self._orders.extend(await asyncio.to_thread(open_orders, engine, choice, uploads=uploads, n=MOST))
        return [] if self._current else await self._next()

    async def parse(self, response: Response) -> list[Any]:
        """Pass the post on to the stations, in the name of those who asked for it; give up one that is gone."""
        answer, order = Answer.of(response), self._current
        assert order
        items = answer.reply.parsed.items
        self.spider.stamp(answer, items)
        self.spider.origins.note(items, lambda _: order, answer.access)
        posts = [item for item in items if isinstance(item, Video) and item.id == order.video_id]
        if not posts and answer.is_permanent:
            told = answer.judgement
            reason = f"{told.verdict}: {told.detail or told.rule}"
            await asyncio.to_thread(give_up, self.engine, order, reason, self.spider.dispatcher.now())
        return [*posts, *await self._next()]

    async def _next(self) -> list[Any]:
        self._current = None
        while self._orders:
            self._current = self._orders.popleft()
            errand = Errand(Operation.VIDEO, WORDS[TargetKind.VIDEO](self._current.video_id))
            request = await self.spider.dispatcher.request(errand, self.parse)
            if request is not None:
                return [request]
        return []
