"""What all spiders share: arguments, targets, asking, saying how each target ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.callers import Caller
from crawler.dispatch import Dispatcher
from crawler.errands import Answer, Errand
from crawler.identities import NobodyMayAsk, Stopped
from crawler.media.leftovers import Leftovers
from crawler.media.origins import Origins
from crawler.media.rereading import target_of
from crawler.open_routes import open_routes
from crawler.shard_arguments import read_shard
from crawler.short_links import resolve_short_link
from crawler.work import Entry, Work
from pipelines.companions import Companions
from pipelines.ledger import Ledger
from pipelines.selection import Selection
from store.jobs.arguments import Argument, InvalidArgument
from store.jobs.filling import Wanted
from store.jobs.kinds import KINDS
from store.jobs.media_arguments import read_wish
from store.media.book import Order
from store.models.media import NO_JOB
from tiktok.aftermath import LOOK_AGAIN_AFTER, aftermath_of
from tiktok.items import Item, Video
from tiktok.media.wishes import MediaWish
from tiktok.outcomes import Outcome
from tiktok.routes import Operation
from tiktok.urls import Target, TargetKind
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
    told_as: ClassVar[str] = ""
    """The operation that its outcomes are about, where that isn't its name."""

    work: Work
    """Set when the spider is open, as the ledger is."""
    origins: Origins
    """Where the posts whose media are wanted came from."""
    caller: Caller | None = None
    """Who waits for what it finds; nobody but in the live service."""

    def __init__(self, name: str | None = None, **given: Any) -> None:
        super().__init__(name)
        self.kind = KINDS[self.name]
        self.shard = read_shard(given)
        self.ledger = Ledger()
        self.media_job_id = NO_JOB
        """In whose name media are asked for."""
        self.origins = Origins()
        self.leftovers = Leftovers(self)
        self.take_arguments(self.kind.read_more({}) if self.shard else self.kind.read(given))

    def take_arguments(self, values: dict[str, Any]) -> None:
        """Take what was asked for: at the start, and from the job when it is one that workers run."""
        self.arguments = values
        self.selection = Selection(values.get("since"), values.get("until"), values.get("limit"))
        self.__dict__.pop("media_wish", None)  # which was read from the arguments of before

    @classmethod
    def declared_arguments(cls) -> tuple[Argument, ...]:
        """All arguments the spider takes, the target's first."""
        return KINDS[cls.name].arguments

    @classmethod
    def declared_target(cls) -> str | None:
        """The argument that names the targets, where there are several."""
        target = KINDS[cls.name].target
        return target.name if target else None

    def begin_work(self, work: Work) -> None:
        """Learn what is to be done, once the spider is open."""
        self.work = work
        if self.media_wish:  # each of a page's posts waits for its files
            scraper = self.crawler.engine.scraper
            together = 2 * self.settings.getint("MEDIA_CONCURRENCY")  # some are booked meanwhile
            scraper.concurrent_items = max(together, scraper.concurrent_items)

    def texts(self) -> Iterable[str]:
        """What the target argument names, as it was written."""
        assert self.kind.target
        name = self.kind.target.name
        words = [word.strip() for word in self.arguments[name].split(",") if word.strip()]
        if not words:
            raise InvalidArgument(name, "names nothing", f"add -a {name}=… ({self.kind.target.help})")
        return words

    def wanted(self, site: str) -> Iterator[Wanted]:
        """Read the target argument; raise `InvalidTarget` for what can't be crawled."""
        return self.kind.read_targets(self.texts(), now=datetime.now(UTC), site=site)

    def check(self, site: str) -> None:
        """Raise `InvalidTarget` or `InvalidArgument` for what can't be crawled, before anything starts."""
        if self.shard is None:
            list(self.wanted(site))

    def targets(self, site: str) -> Iterator[Target]:
        """The same, without a ledger."""
        return (self.kind.target_of(wanted.target) for wanted in self.wanted(site) if wanted.target)

    def parameters(self) -> dict[str, Any]:
        """All arguments but the targets, as a job keeps them."""
        return self.kind.read_parameters({more.name: self.arguments[more.name] for more in self.kind.more})

    def digest(self, site: str) -> str:
        """Tell whether two commands name the same targets."""
        keys = "\n".join(wanted.target or wanted.given for wanted in self.wanted(site))
        return sha256(keys.encode(errors="surrogatepass")).hexdigest()

    def wind_up(self) -> None:
        """End early, in order: targets that are begun are brought to their end."""
        self.work.is_over = True

    async def start(self) -> AsyncIterator[Any]:
        async for page in self.work.pages():
            for entry in page:
                if self.work.is_over:
                    return
                for part in await self.take_up(entry):
                    yield part
        # An outcome that comes last passes the stations meanwhile: Scrapy, which sees the end of a crawl only when
        # something else happens, would find it under way and look again five seconds later.
        await asyncio.sleep(0.01)

    async def take_up(self, entry: Entry) -> Parts:
        """Begin with a target, unless another position of the ledger means the same."""
        target: Target | Outcome = entry.target
        if entry.target.kind is TargetKind.SHORT_LINK:
            target = await self._resolve(entry.target)
        key = target.target if isinstance(target, Outcome) else target.key
        if not self.ledger.begin(entry.position, key):
            return []
        self.crawler.stats.inc_value("targets")
        return [target] if isinstance(target, Outcome) else await self.begin(target)

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
        if record is not None:
            self.ledger.recognise(answer.errand.target.key, getattr(record, "id", None))
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
            job_ids=(self.media_job_id,),
            video_id=video.id,
            wish=self.media_wish,
            mode=self.name,
            value=self.folder_of(video, found_by or target_of(video)),
        )

    def media_asked_for(self, video: Video) -> Order | None:
        """Say what is wanted of a post on its way through the stations; nothing, mostly."""
        if not self.media_wish:
            return None
        origin = self.origins.get(video.id)
        return origin.order if origin else self.media_order(video)

    def folder_of(self, video: Video | None, found_by: Target) -> str:  # noqa: ARG002  # for subclasses
        """Name what the post was found by, for people who browse the archive."""
        return found_by.key

    async def follow_record(self, answer: Answer, record: Any) -> Parts:  # noqa: ARG002  # a hook
        """Say what the record gives rise to; by default it is all there was to get."""
        return [self.outcome(answer)]

    async def ask(self, errand: Errand, callback: Callback) -> Parts:
        """Give the request for an errand, or the target's end when no route of this process can ask it."""
        errand.caller = self.caller
        if self.caller:
            self.caller.errand = errand
        try:
            request = await self.dispatcher.request(errand, callback)
        except Stopped:
            return []
        except NobodyMayAsk as nobody:
            return self.unaskable(errand, nobody.judgement)
        return [request] if request is not None else self.unaskable(errand)

    def unaskable(self, errand: Errand, why: Judgement | None = None) -> Parts:
        """Say how a target ends that no route can ask for, or nobody may."""
        reason = f"no route is left to ask for {errand.operation}"
        refusals = [refusal.judgement for refusal in errand.refusals]
        last = refusals[-1] if refusals else Judgement(Verdict.NO_DATA, "no_route", reason)
        judgement = why or last
        if self.caller and judgement.retry_after_seconds is not None:
            self.caller.retry_after_seconds = judgement.retry_after_seconds
        return [self._ending(errand.target, judgement)]

    def outcome(self, answer: Answer, verdict: Verdict | None = None, reason: str | None = None) -> Outcome:
        """Say how the errand's target ended; by default as its last answer was judged."""
        target, judgement = answer.errand.target, answer.judgement
        return Outcome(
            operation=self.told_as or self.name,
            kind=target.kind,
            target=target.key,
            outcome=verdict or judgement.verdict,
            reason=reason or judgement.detail or judgement.rule,
            route=answer.errand.route,
            again_at=answer.received_at + LOOK_AGAIN_AFTER if aftermath_of(judgement).is_passing else None,
            at=answer.received_at,
        )

    async def _resolve(self, given: Target) -> Target | Outcome:
        target = await resolve_short_link(self, given, self.dispatcher.site)
        if isinstance(target, Judgement):
            return self._ending(given, target)
        if not self.kind.takes(target.kind):
            reason = f"the short link leads to a {target.kind}: {target.url}"
            return self._ending(given, Judgement(Verdict.UNAVAILABLE, "other_kind", reason))
        return target

    def _ending(self, target: Target, judgement: Judgement) -> Outcome:
        """The end of a target that was never asked for."""
        return Outcome(
            operation=self.told_as or self.name,
            kind=target.kind,
            target=target.key,
            outcome=judgement.verdict,
            reason=judgement.detail,
            at=self.dispatcher.now(),
        )
