"""What all spiders share: arguments, targets, asking, saying how each target ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, ClassVar, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.dispatch import Dispatcher
from crawler.errands import Answer, Errand
from crawler.identities import Stopped
from crawler.media.leftovers import Leftovers
from crawler.media.origins import Origins
from crawler.media.rereading import target_of
from crawler.open_routes import open_routes
from crawler.short_links import resolve_short_link
from pipelines.companions import Companions
from pipelines.selection import Selection
from store.jobs.arguments import Argument, InvalidArgument
from store.jobs.kinds import KINDS
from store.jobs.media_arguments import read_wish
from store.media.book import Order
from store.models.media import NO_JOB
from tiktok.items import Item, Video
from tiktok.media.wishes import MediaWish
from tiktok.outcomes import Outcome
from tiktok.routes import Operation
from tiktok.urls import Target, TargetKind, read_target
from tiktok.verdicts import Judgement, Verdict

Callback = Callable[[Response], Any]
Parts = list[Any]
"""What a callback gives Scrapy: items, records, companions and requests, in the order they are to pass."""


class AskingSpider(scrapy.Spider):
    """Has a dispatcher, and so all that stands between an errand and its answer."""

    dispatcher: Dispatcher

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        site = crawler.settings["TIKTOK_BASE_URL"]
        spider.dispatcher = Dispatcher(crawler, site, open_routes(crawler.settings))
        return spider


class TikTokSpider(AskingSpider):
    """Base of all spiders that crawl. A subclass names its arguments and writes a short callback per kind of answer."""

    operation: ClassVar[Operation]
    """What is asked about a target first."""
    record_type: ClassVar[type[Item]]
    """What the first answer must hold."""

    targets: list[Target]
    origins: Origins
    """Where the posts whose media are wanted came from."""

    def __init__(self, name: str | None = None, **given: Any) -> None:
        super().__init__(name)
        self.kind = KINDS[self.name]
        self.arguments = self.kind.read(given)
        self.origins = Origins()
        self.leftovers = Leftovers(self)
        self.selection = Selection(
            self.arguments.get("since"), self.arguments.get("until"), self.arguments.get("limit")
        )

    @classmethod
    def declared_arguments(cls) -> tuple[Argument, ...]:
        """All arguments the spider takes, the target's first."""
        return KINDS[cls.name].arguments

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.targets = spider.read_targets(crawler.settings["TIKTOK_BASE_URL"])
        if spider.media_wish:  # each of a page's posts waits for its files
            together = crawler.settings.getint("MEDIA_CONCURRENCY")
            crawler.settings.set("CONCURRENT_ITEMS", max(together, 4), priority="spider")
        return spider

    def read_targets(self, site: str) -> list[Target]:
        """Read the target argument; raise `InvalidTarget` for what can't be crawled."""
        assert self.kind.target
        name = self.kind.target.name
        now = datetime.now(UTC)
        words = [word.strip() for word in self.arguments[name].split(",") if word.strip()]
        targets = [read_target(word, self.kind.target_kind, now=now, field=name, site=site) for word in words]
        if not targets:
            raise InvalidArgument(name, "names nothing", f"add -a {name}=… ({self.kind.target.help})")
        return list({target.key: target for target in targets}.values())

    async def start(self) -> AsyncIterator[Any]:
        begun: set[str] = set()
        for given in self.targets:
            target: Target | Outcome = given
            if given.kind is TargetKind.SHORT_LINK:
                target = await self._resolve(given)
            key = target.target if isinstance(target, Outcome) else target.key
            if key in begun:  # two links to one post
                continue
            begun.add(key)
            self.crawler.stats.inc_value("targets")
            for part in [target] if isinstance(target, Outcome) else await self.begin(target):
                yield part
        # An outcome that comes last passes the stations meanwhile: Scrapy, which sees the end of a crawl only when
        # something else happens, would find it under way and look again five seconds later.
        await asyncio.sleep(0.01)

    async def begin(self, target: Target) -> Parts:
        """Ask the first question about a target."""
        return await self.ask(Errand(self.operation, target), self.parse_record)

    async def parse_record(self, response: Response) -> Parts:
        """Take the record that the target is about, then ask whatever the spider asks next."""
        answer = Answer.of(response)
        parsed = answer.reply.parsed
        self.take_note(answer, parsed.items)
        record = next((item for item in parsed.items if isinstance(item, self.record_type)), None)
        companions = [item for item in parsed.items if item is not record]
        parts: Parts = [record] if record is not None else []
        if companions:
            parts.append(Companions(companions))
        if not answer.is_ok or record is None:
            return [*parts, self.outcome(answer)]
        return [*parts, *await self.follow_record(answer, record)]

    def take_note(self, answer: Answer, items: list[Item]) -> None:
        """Note which route told these items and when, and where their media are to come from."""
        self.stamp(answer, items)
        if self.media_wish:
            found_by = answer.errand.target
            self.origins.note(items, lambda video: self.media_order(video, found_by), answer.access)

    def stamp(self, answer: Answer, items: list[Item]) -> None:
        """Note on each item which route told it and when."""
        for item in items:
            item.route = answer.errand.route
            item.scraped_at = answer.received_at

    @cached_property
    def media_wish(self) -> MediaWish:
        """Which media of the posts are to be archived."""
        settings = self.crawler.settings
        return read_wish(
            self.arguments,
            by_default=settings.getbool("MEDIA"),
            codecs=settings.getlist("MEDIA_CODECS"),
            max_resolution=settings.getint("MEDIA_MAX_RESOLUTION") or None,
        )

    def media_order(self, video: Video, found_by: Target | None = None) -> Order:
        """Say who wants a post's media, and what it was found by."""
        return Order(
            job_ids=(getattr(self, "job_id", NO_JOB),),
            video_id=video.id,
            wish=self.media_wish,
            mode=self.name,
            value=self.folder_of(video, found_by or target_of(video)),
        )

    def folder_of(self, video: Video | None, found_by: Target) -> str:  # noqa: ARG002  # for subclasses
        """Name what the post was found by, for people who browse the archive."""
        return found_by.key

    async def follow_record(self, answer: Answer, record: Any) -> Parts:  # noqa: ARG002  # a hook
        """Say what the record gives rise to; by default it is all there was to get."""
        return [self.outcome(answer)]

    async def ask(self, errand: Errand, callback: Callback) -> Parts:
        """Give the request for an errand, or the target's end when no route of this process can ask it."""
        try:
            request = await self.dispatcher.request(errand, callback)
        except Stopped:
            return []
        return [request] if request is not None else self.unaskable(errand)

    def unaskable(self, errand: Errand) -> Parts:
        """Say how a target ends that no route can ask for."""
        reason = f"no route is left to ask for {errand.operation}"
        refusals = [refusal.judgement for refusal in errand.refusals]
        judgement = refusals[-1] if refusals else Judgement(Verdict.NO_DATA, "no_route", reason)
        return [self._ending(errand.target, judgement)]

    def outcome(self, answer: Answer, verdict: Verdict | None = None, reason: str | None = None) -> Outcome:
        """Say how the errand's target ended; by default as its last answer was judged."""
        target, judgement = answer.errand.target, answer.judgement
        return Outcome(
            operation=self.name,
            kind=target.kind,
            target=target.key,
            outcome=verdict or judgement.verdict,
            reason=reason or judgement.detail or judgement.rule,
            route=answer.errand.route,
            at=answer.received_at,
        )

    async def _resolve(self, given: Target) -> Target | Outcome:
        target = await resolve_short_link(self, given, self.dispatcher.site)
        if isinstance(target, Judgement):
            return self._ending(given, target)
        if target.kind is not self.kind.target_kind:
            reason = f"the short link leads to a {target.kind}: {target.url}"
            return self._ending(given, Judgement(Verdict.UNAVAILABLE, "other_kind", reason))
        return target

    def _ending(self, target: Target, judgement: Judgement) -> Outcome:
        """The end of a target that was never asked for."""
        return Outcome(
            operation=self.name,
            kind=target.kind,
            target=target.key,
            outcome=judgement.verdict,
            reason=judgement.detail,
            at=self.dispatcher.now(),
        )
