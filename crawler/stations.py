"""Carries what a page yields through the stations, without the adapters and tasks that Scrapy puts around each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from inspect import iscoroutine
from typing import Any, cast

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.log import logformatter_adapter
from twisted.python.failure import Failure

from crawler.parcels import Parcel
from tiktok.outcomes import Listing, Outcome

logger = logging.getLogger(__name__)


class Stations(ItemPipelineManager):
    """Scrapy's own, for stations in today's style (no `spider` argument, no Deferreds) and for parcels.

    Every part of a parcel passes all stations before the next one, and is logged and announced by signal as if
    it had come alone: feeds and extensions see no difference.
    """

    crawler: Crawler
    _turn: asyncio.Lock | None = None

    async def process_item_async(self, item: Any) -> Any:
        # While the database is away pages pile up; none may overtake another, nor a list's end its rows.
        self._turn = self._turn or asyncio.Lock()
        match item:
            case Parcel():
                async with self._turn:
                    return await self._unpack(item)
            case Listing() | Outcome():
                async with self._turn:
                    return await self._pass(item)
            case _:
                return await self._pass(item)

    async def _unpack(self, parcel: Parcel) -> Any:
        """Carry all parts; the last that passed stays for Scrapy to announce, in the parcel's place."""
        last = None
        for part in parcel.parts:
            passed = await self.carry(part, parcel.response)
            if passed is None:
                continue
            if last is not None:
                await self._tell_passed(last, parcel.response)
            last = passed
        if last is None:
            raise DropItem("nothing in it has passed", log_level="DEBUG")
        return last

    async def _pass(self, item: Any) -> Any:
        if self._mw_methods_requiring_spider:  # a station of somebody else's, in the old style
            return await super().process_item_async(item)
        for process_item in cast("Iterable[Callable[[Any], Any]]", self.methods["process_item"]):
            passed = process_item(item)
            item = await passed if iscoroutine(passed) else passed
        return item

    async def carry(self, part: Any, response: Response | None) -> Any:
        """Give what comes out at the last station, or nothing: one bad part is no reason to lose the others."""
        words, spider = self.crawler.logformatter, cast("Spider", self.crawler.spider)
        try:
            return await self._pass(part)
        except DropItem as drop:
            self._log(words.dropped(part, drop, response, spider), part)
            await self._announce(signals.item_dropped, part, response, exception=drop)
        except Exception as error:  # noqa: BLE001  # as Scrapy does
            self._log(words.item_error(part, error, response, spider), part, exc_info=True)
            failure = Failure(error)  # type: ignore[no-untyped-call]
            await self._announce(signals.item_error, part, response, failure=failure)
        return None

    async def _tell_passed(self, item: Any, response: Response) -> None:
        if logger.isEnabledFor(logging.DEBUG):
            spider = cast("Spider", self.crawler.spider)
            self._log(self.crawler.logformatter.scraped(item, response, spider), item)
        await self._announce(signals.item_scraped, item, response)

    def _log(self, words: Any, item: Any, **more: Any) -> None:
        if words is not None:
            logger.log(
                *logformatter_adapter(words), extra={"spider": self.crawler.spider, "item": item}, **more
            )

    async def _announce(self, signal: object, item: Any, response: Response | None, **about: Any) -> None:
        """Tell all who listen; Scrapy makes a task of each, which takes ten times as long as they do."""
        answers = self.crawler.signals.send_catch_log(
            signal=signal, item=item, response=response, spider=self.crawler.spider, **about
        )
        for _listener, answer in answers:
            if iscoroutine(answer):
                await answer
