"""What spiders that walk lists share: resuming, paging, stopping, saying how complete the list is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, TypeVar

from scrapy import Request
from scrapy.http import Response
from sqlalchemy import Engine

from crawler.callers_runs import CallersRun
from crawler.errands import Answer, Errand, Refusal
from crawler.list_runs import ListRun, Turn
from crawler.parcels import in_parcel
from crawler.spiders.base import Parts, TikTokSpider
from pipelines.companions import Companions
from pipelines.upsert import UpsertPipeline
from store.identities import Settlement
from store.listings import find_listing
from store.queries.known import known_video_ids, pinned_video_ids
from tiktok.aftermath import Change, Cost, most_telling
from tiktok.endpoints import Known
from tiktok.items import Video
from tiktok.outcomes import Listing, ListState, Outcome
from tiktok.places import Place
from tiktok.routes import LADDERS, Operation, next_route
from tiktok.urls import Target
from tiktok.verdicts import Judgement, Verdict

T = TypeVar("T")

RESUME_WITHIN = timedelta(days=7)
"""How long after its beginning a walk is gone on with: later, what was posted since weighs more than its cursor."""


class ListSpider(TikTokSpider):
    """Base of the spiders whose targets hold lists. `parse_list` is the callback of every page."""

    resumes: ClassVar[bool] = True
    """Its cursors are good in a later crawl, too."""
    place: Place | None = None
    """Where in its list a caller goes on."""

    async def begin_list(
        self,
        operation: Operation,
        target: Target,
        known: Known,
        declared: int | None = None,
        of: str | None = None,
    ) -> Parts:
        """Ask for the first page of a list, or for the one where an earlier crawl of the same list stopped.

        `of` names what the list belongs to where that isn't the target itself: the comment that is replied to.
        """
        run = await self._open_run(operation, of or target.key, known, declared)
        errand = Errand(operation, target, known, run)
        if self.place:
            errand.known = replace(known, search_id=self.place.search_id)
            is_open = self.place.route in LADDERS[operation] and self.place.route in self.dispatcher.routes
            errand.route = self.place.route if is_open else None
        missed = await self.catch_up(errand) if run.is_resumed else []
        return [*missed, *await self.ask(errand, self.parse_list)]

    async def parse_list(self, response: Response) -> Parts:
        """Take one page: its rows, the list's state, and the request for the next page or the target's end."""
        answer = Answer.of(response)
        if not answer.is_ok:
            return self._take_refusal(answer)
        parts = await self._take_page(answer)
        # Posts that wait for their files go alone, so that several wait at once.
        return parts if self.media_wish else in_parcel(parts, response)

    async def follow_rows(self, answer: Answer, turn: Turn) -> Parts:  # noqa: ARG002  # a hook
        """Say what a page's rows give rise to; nothing unless a spider does."""
        return []

    async def catch_up(self, errand: Errand) -> Parts:
        """Ask for what pages before the resumed one gave rise to and the earlier crawl left undone: media."""
        if not self.media_wish:
            return []
        return await self.leftovers.take_up(self.engine, self.folder_of(None, errand.target))

    def end_list(self, answer: Answer, listing: Listing) -> Parts:
        """Say how the list ended, and with it its target."""
        return [listing, self.list_outcome(answer, listing)]

    def unaskable(self, errand: Errand, why: Judgement | None = None) -> Parts:
        """Say that a list ends here, and with it its target."""
        parts = super().unaskable(errand, why)
        if errand.run is None:
            return parts
        (outcome,) = parts
        return [errand.run.refuse(outcome.reason, errand.route, outcome.at), outcome]

    def list_outcome(self, answer: Answer, listing: Listing) -> Outcome:
        """Say how a target ended: well when its list is complete, else by what kept the rest from us."""
        found = f"{listing.found:,} found"
        if listing.declared is not None:
            found = f"{listing.found:,} of {listing.declared:,} found"
        if listing.state is ListState.COMPLETE:
            verdict = Verdict.OK if listing.found else Verdict.EMPTY
            return self.outcome(answer, verdict, listing.reason or found)
        refusals = answer.errand.refusals
        verdict = answer.judgement.verdict
        if verdict is Verdict.OK:
            seen = [refusal.judgement.verdict for refusal in refusals]
            verdict = most_telling(seen) if seen else Verdict.WITHHELD
        refused = [f"{refusal.route}: {refusal.judgement.verdict}" for refusal in refusals]
        return self.outcome(
            answer, verdict, "; ".join(filter(None, [found, ", ".join(refused), listing.reason]))
        )

    def wind_up(self) -> None:
        """A list may be long: it ends after the page under way, and its cursor is kept."""
        super().wind_up()
        closing = self.crawler.engine.close_spider_async(reason="wound_up")
        self._closing = asyncio.get_running_loop().create_task(closing)

    @property
    def engine(self) -> Engine:
        """The database, as station 300 opened it."""
        return self._station.engine

    async def look_up(self, query: Callable[..., T], *arguments: Any) -> T:
        """Ask the database; wait while it is away."""
        return await self._station.patience.wait_for(partial(query, self.engine, *arguments))

    @property
    def _station(self) -> UpsertPipeline:
        station = self.crawler.get_item_pipeline(UpsertPipeline)
        assert station, "station 300 is switched off"
        return station

    def count(self, stat: str) -> None:
        self.crawler.stats.inc_value(stat)

    async def _open_run(self, operation: Operation, key: str, known: Known, declared: int | None) -> ListRun:
        scope = self.selection.scope
        if self.caller:
            # What jobs know of the list is theirs: a caller begins where he says.
            return CallersRun.begin(operation, key, self.selection, declared=declared, place=self.place)
        if self.resumes and not self.arguments.get("fresh"):
            checkpoint = await self.look_up(find_listing, operation, key, scope)
            if checkpoint and self._can_resume(checkpoint):
                run = ListRun.resume(self.selection, checkpoint, await self._pinned_keys(operation, known))
                self.logger.info("%s %s: going on after %d rows", operation, key, run.found)
                self.count("list/resumed")
                return run
        return ListRun(operation, key, self.selection, scope, declared)

    def _can_resume(self, checkpoint: Listing) -> bool:
        is_open = checkpoint.state in (ListState.RUNNING, ListState.TRUNCATED)
        is_recent = self.dispatcher.now() - (checkpoint.started_at or checkpoint.at) < RESUME_WITHIN
        # A checkpoint counts the rows that dates left out, too, so nobody knows how much of the limit is left.
        is_countable = self.selection.limit is None or not (self.selection.since or self.selection.until)
        return is_open and is_recent and is_countable and checkpoint.cursor is not None

    async def _pinned_keys(self, operation: Operation, known: Known) -> set[str]:
        """Posts that headed the first page and come again where their age puts them."""
        if operation is not Operation.PROFILE_VIDEOS or known.user_id is None:
            return set()
        return await self.look_up(pinned_video_ids, known.user_id)

    async def _take_page(self, answer: Answer) -> Parts:
        errand, parsed = answer.errand, answer.reply.parsed
        assert errand.run
        assert errand.route
        self.take_note(answer, parsed.items)
        turn = errand.run.take(parsed, errand.route, answer.received_at, await self._stored_keys(answer))
        turn.listing.video_ids = tuple(row.id for row in turn.rows if isinstance(row, Video))
        parts: Parts = [*turn.rows]
        if turn.companions:
            parts.append(Companions(turn.companions))
        parts += await self.follow_rows(answer, turn)
        after = self._finish(answer, turn.listing) if turn.is_last else self._go_on(answer, turn)
        return parts + await after

    def _take_refusal(self, answer: Answer) -> Parts:
        assert answer.errand.run
        reason = f"{answer.judgement.verdict}: {answer.judgement.detail or answer.judgement.rule}"
        listing = answer.errand.run.refuse(reason, answer.errand.route, answer.received_at)
        return self.end_list(answer, listing)

    async def _go_on(self, answer: Answer, turn: Turn) -> Parts:
        await self._station.flush_when_full()  # while the database is away nothing more is asked
        errand = self._next_page(answer)
        errand.change = turn.change or Change.NOTHING
        if turn.change is Change.IDENTITY and answer.identity_id is not None:
            self._doubt(answer, answer.identity_id)
            errand.avoid.add(answer.identity_id)
        return [turn.listing, *await self.ask(errand, self.parse_list)]

    def _doubt(self, answer: Answer, identity_id: int) -> None:
        """Hold it against who asked when a page is what flagged visitors get (facts D.2)."""
        page = answer.reply.parsed.page
        if page is None or not page.keys or page.has_more is None:
            self.dispatcher.pool.charge(
                Settlement(
                    identity_id=identity_id,
                    cost=Cost.STREAK,
                    at=answer.received_at,
                    verdict=Verdict.WITHHELD,
                    rule="empty_list" if page is None or not page.keys else "more_missing",
                )
            )
            self.count(f"identity/cost/{Cost.STREAK}")

    async def _finish(self, answer: Answer, listing: Listing) -> Parts:
        request = await self._ask_elsewhere(answer, listing)
        return [request] if request is not None else self.end_list(answer, listing)

    def _next_page(self, answer: Answer) -> Errand:
        """The errand for the next page; a search sends back the id that its first answer gave."""
        errand = answer.errand.next_page()
        page = answer.reply.parsed.page
        if page and page.search_id and errand.known.search_id is None:
            errand.known = replace(errand.known, search_id=page.search_id)
        return errand

    async def _ask_elsewhere(self, answer: Answer, listing: Listing) -> Request | None:
        """Ask the next route when this one showed nothing of a list that should hold something."""
        errand = answer.errand
        assert errand.route
        if listing.found or listing.state is ListState.COMPLETE:
            return None
        errand.refusals.append(
            Refusal(errand.route, Judgement(Verdict.WITHHELD, "empty_list", listing.reason or ""))
        )
        route = next_route(errand.operation, errand.route, self.dispatcher.routes)
        return await self.dispatcher.fall(errand, self.parse_list, route)

    async def _stored_keys(self, answer: Answer) -> frozenset[str]:
        page = answer.reply.parsed.page
        if not self.arguments.get("only_new") or page is None:
            return frozenset()
        return frozenset(await self.look_up(known_video_ids, page.keys))
