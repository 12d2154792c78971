"""Carries items through the stations, without the adapters that Scrapy wraps around each call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import iscoroutine
from typing import Any, cast

from scrapy.pipelines import ItemPipelineManager


class Stations(ItemPipelineManager):
    """Scrapy's own, for stations in today's style: no `spider` argument, no Deferreds.

    Everything a page yields passes here, and the adapters took as long as the stations themselves.
    """

    async def process_item_async(self, item: Any) -> Any:
        if self._mw_methods_requiring_spider:  # a station of somebody else's, in the old style
            return await super().process_item_async(item)
        for process_item in cast("Iterable[Callable[[Any], Any]]", self.methods["process_item"]):
            passed = process_item(item)
            item = await passed if iscoroutine(passed) else passed
        return item
