"""Short links (`vm.tiktok.com/…`, `/t/…`) followed by hand to the target they stand for."""

from __future__ import annotations

from scrapy import Request, Spider

from tiktok.endpoints import short_link_ask
from tiktok.errors import ShortLinkUnresolved
from tiktok.short_links import PREVIEW_USER_AGENT, next_hop
from tiktok.urls import Target


async def resolve_short_link(spider: Spider, target: Target, site: str) -> Target:
    """Follow the redirects, each checked before it is asked (facts A.2); raise a `ShortLinkError`."""
    url, hops = short_link_ask(target, site=site).url, 0
    while True:
        request = Request(
            url,
            headers={"User-Agent": PREVIEW_USER_AGENT},
            meta={"dont_redirect": True, "download_timeout": 20},
            dont_filter=True,
        )
        try:
            response = await spider.crawler.engine.download_async(request)
        except Exception as error:  # any failure of any download handler
            raise ShortLinkUnresolved(target.url) from error
        location = response.headers.get("Location")
        hop = next_hop(url, location.decode("latin-1") if location else None, hops, site=site)
        if isinstance(hop, Target):
            return hop
        url, hops = hop, hops + 1
