"""One lookup on its way: the same spider as in a crawl, whose requests the resident engine carries one by one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.callers import Caller, NoTurn
from crawler.dispatch import Dispatcher
from crawler.errands import Answer, Errand
from crawler.live.answers import Findings
from crawler.live.ways import WAYS
from crawler.parcels import Parcel
from crawler.spiders.base import Parts, TikTokSpider
from crawler.spiders.lists import ListSpider
from crawler.stations import Stations
from crawler.work import Entry
from tiktok.aftermath import most_telling
from tiktok.lookups import Question
from tiktok.outcomes import Listing
from tiktok.places import read_place
from tiktok.urls import Target
from tiktok.verdicts import Judgement, Verdict


class Unfinished(Exception):  # noqa: N818  # says what happened
    """The crawl was ended before the lookup had an outcome."""


class Walk:
    """Has no scheduler between itself and the downloader: a lookup asks one thing after the other.

    What passes all stations is stored and is part of the answer. Only a list's state is for the caller alone:
    what he asks for next, he says by his cursor.
    """

    def __init__(self, crawler: Crawler, dispatcher: Dispatcher, question: Question, caller: Caller) -> None:
        self.crawler = crawler
        self.dispatcher = dispatcher
        self.way = WAYS[question.lookup]
        self.findings = Findings(question, self.way.answers, caller)

    async def answer(self, target: Target) -> Findings:
        """Walk to the outcome; raises `CallerGone` when nobody waits for it, `Unfinished` when the service ends."""
        spider = self._spider(target)
        await self._follow(spider, await spider.take_up(Entry(1, target)))
        if self.findings.outcome is None:
            raise Unfinished
        return self.findings

    def _spider(self, target: Target) -> TikTokSpider:
        spider = self.way.spider_for(self.findings.question, target)
        spider.crawler = self.crawler
        spider.settings = self.crawler.settings
        spider.dispatcher = self.dispatcher
        spider.caller = self.findings.caller
        cursor = self.findings.question.cursor
        if isinstance(spider, ListSpider) and cursor:
            spider.place = read_place(cursor)
        return spider

    async def _follow(self, spider: TikTokSpider, parts: Iterable[Any]) -> None:
        requests = deque(await self._deliver(parts, None))
        while requests:
            request = requests.popleft()
            assert request.callback
            try:
                response = await self.crawler.engine.download_async(request)
            except NoTurn as late:
                requests.extend(
                    await self._deliver(await self._ask_by_another_exit(spider, request, late), None)
                )
                continue
            page = Answer.of(response)
            self.findings.turn_to(page, response.meta.get("last_judgement", page.judgement))
            requests.extend(await self._deliver(await request.callback(response), response))

    async def _ask_by_another_exit(self, spider: TikTokSpider, request: Request, late: NoTurn) -> Parts:
        """Ask where there may be a turn in time; say when there is one where there is no other exit."""
        errand: Errand = request.meta["errand"]
        if late.exit_id in errand.avoid_exits or self.findings.caller.is_gone:
            seen = [refusal.judgement.verdict for refusal in errand.refusals]
            verdict = most_telling([*seen, Verdict.BLOCKED])
            return spider.unaskable(errand, Judgement(verdict, "no_turn", str(late), late.wait_seconds))
        errand.avoid_exits.add(late.exit_id)
        assert request.callback
        return await spider.ask(errand, request.callback)

    async def _deliver(self, parts: Iterable[Any], response: Response | None) -> list[Request]:
        """Carry items and records through the stations; what remains are requests."""
        requests = []
        for part in parts:
            match part:
                case Request():
                    requests.append(part)
                case Parcel():
                    await self._deliver(part.parts, response)
                case Listing():
                    pass
                case _:
                    self.findings.take(await self._stations.carry(part, response))
        return requests

    @property
    def _stations(self) -> Stations:
        stations = self.crawler.engine.scraper.itemproc
        assert isinstance(stations, Stations)
        return stations
