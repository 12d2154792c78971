"""`scrapy crawl bulk_profiles -a file=users.txt`: profiles by the thousand, without their posts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.batches import BatchPace
from crawler.spiders.base import Parts, TikTokSpider
from crawler.user_lists import digest_of, read_entries, require_entries
from crawler.work import Entry
from pipelines.upsert import UpsertPipeline
from store.queries.fresh import FreshProfile, fresh_profiles
from tiktok.items import User
from tiktok.outcomes import Outcome
from tiktok.routes import Operation
from tiktok.verdicts import Verdict


class BulkProfilesSpider(TikTokSpider):
    """In batches, each of which is brought to its end when the job is cancelled or paused."""

    name = "bulk_profiles"
    operation = Operation.PROFILE
    record_type = User
    told_as = Operation.PROFILE

    pace: BatchPace

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.pace = BatchPace.from_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        async for page in self.work.pages():
            fresh = await self._find_fresh(page)
            for entry in page:
                if profile := fresh.get(entry.target.key):
                    for part in self._answer(entry, profile):
                        yield part
            await self._let_pass()
            async for entry in self._in_batches([entry for entry in page if entry.target.key not in fresh]):
                for part in await self.take_up(entry):
                    yield part
            if self.work.is_over:
                return
        await asyncio.sleep(0.01)  # as in the base

    def texts(self) -> Iterator[str]:
        return read_entries(self._file)

    def check(self, site: str) -> None:  # noqa: ARG002  # entries that can't be read are told in the ledger
        if self.shard is None:
            require_entries("file", self._file)

    def digest(self, site: str) -> str:  # noqa: ARG002  # the file says it all
        return digest_of(self._file)

    @property
    def _file(self) -> Path:
        return Path(self.arguments["file"]).expanduser()

    async def _in_batches(self, entries: Sequence[Entry]) -> AsyncIterator[Entry]:
        """Let entries go as fast as the job's ceiling allows, and not at all once it is over."""
        size = self.settings.getint("BULK_BATCH_SIZE")
        for start in range(0, len(entries), size):
            await self.work.look()
            if self.work.is_over:
                return
            await self.pace.turn(self.ledger.claim.job.id if self.ledger.claim else id(self))
            for entry in entries[start : start + size]:
                yield entry

    async def _find_fresh(self, page: Sequence[Entry]) -> dict[str, FreshProfile]:
        """Find what need not be asked."""
        seconds = self.settings.getfloat("PROFILE_CACHE_SECONDS")
        station = self.crawler.get_item_pipeline(UpsertPipeline)
        if not seconds or not self.arguments["cache"] or station is None:
            return {}
        names = [entry.target.key for entry in page]
        since = self.dispatcher.now() - timedelta(seconds=seconds)
        return await station.patience.wait_for(partial(fresh_profiles, station.engine, names, since))

    async def _let_pass(self) -> None:
        """What comes out of the database is not slowed by any download: wait until the stations have stored it."""
        if station := self.crawler.get_item_pipeline(UpsertPipeline):
            await station.flush_when_full()

    def _answer(self, entry: Entry, profile: FreshProfile) -> Parts:
        """Answer from the database."""
        target = entry.target
        self.ledger.begin(entry.position, target.key)
        self.ledger.recognise(target.key, profile.user.id)
        self.crawler.stats.inc_value("targets")
        self.crawler.stats.inc_value("profiles/from_cache")
        outcome = Outcome(
            operation=self.told_as,
            kind=target.kind,
            target=target.key,
            outcome=Verdict.OK,
            reason=profile.reason,
            route=profile.user.route,
            from_cache=True,
            at=profile.read_at,
        )
        return [profile.user, outcome]
