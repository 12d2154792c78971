"""Short links (`vm.tiktok.com/…`, `/t/…`) followed by hand to the target they stand for."""

from __future__ import annotations

from scrapy import Request, Spider

from tiktok.endpoints import short_link_ask
from tiktok.errors import ShortLinkError, ShortLinkUnresolved
from tiktok.replies import Reply
from tiktok.short_links import PREVIEW_USER_AGENT, next_hop
from tiktok.urls import Target
from tiktok.verdicts import REFUSALS, Judgement, Verdict, judge


async def resolve_short_link(spider: Spider, target: Target, site: str) -> Target | Judgement:
    """Follow the redirects, each checked before it is asked (facts A.2), to a target or to what is wrong."""
    url, hops = short_link_ask(target, site=site).url, 0
    while True:
        reply = await _ask(spider, url)
        try:
            hop = next_hop(url, reply.headers.get("location"), hops, site=site)
        except ShortLinkError as error:
            return _judge(reply, error)
        if isinstance(hop, Target):
            return hop
        url, hops = hop, hops + 1


async def _ask(spider: Spider, url: str) -> Reply:
    request = Request(
        url,
        headers={"User-Agent": PREVIEW_USER_AGENT},
        meta={"dont_redirect": True, "download_timeout": 20, "caller": getattr(spider, "caller", None)},
        dont_filter=True,
    )
    try:
        response = await spider.crawler.engine.download_async(request)
    except Exception as error:  # noqa: BLE001  # any failure of any download handler is an answer here
        return Reply(url=url, error=f"{type(error).__name__}: {error}")
    headers = {str(name).lower(): value for name, value in response.headers.to_unicode_dict().items()}
    return Reply(url=url, status=response.status, headers=headers, body=response.body)


def _judge(reply: Reply, error: ShortLinkError) -> Judgement:
    """A link that was refused to us is not dead: only what an answer says about the link itself is final."""
    if isinstance(error, ShortLinkUnresolved):
        judgement = judge(reply)
        if judgement.verdict in REFUSALS:
            return judgement
    return Judgement(Verdict.UNAVAILABLE, "short_link", str(error))
