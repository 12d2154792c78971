"""`scrapy crawl shop -a q=… | product=… | category=… | store=… | trending=1`: products of TikTok Shop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from scrapy.http import Response

from crawler.errands import Answer, Errand
from crawler.spiders.base import Callback, Parts
from crawler.spiders.lists import ListSpider
from crawler.work import Entry
from store.curated import curated_products
from store.jobs.filling import Wanted
from store.jobs.shop_arguments import shop_texts
from tiktok.endpoints import Known
from tiktok.items import Item, Product, Seller
from tiktok.outcomes import Listing, Outcome
from tiktok.routes import LADDERS, Operation, Route, next_route
from tiktok.shop_endpoints import next_cursor, start_of_best_sellers
from tiktok.shop_targets import in_region, is_search_of_best_sellers
from tiktok.urls import Target, TargetKind
from tiktok.verdicts import REFUSALS, Judgement, Verdict

OPERATIONS: Mapping[TargetKind, Operation] = MappingProxyType(
    {
        TargetKind.PRODUCT: Operation.SHOP_PRODUCT,
        TargetKind.SHOP_SEARCH: Operation.SHOP_SEARCH,
        TargetKind.SHOP_CATEGORY: Operation.SHOP_CATEGORY,
        TargetKind.STORE: Operation.SHOP_STORE,
        TargetKind.SHOP_TRENDING: Operation.SHOP_TRENDING,
    }
)
ENTRIES = frozenset({Route.PAGE, Route.SSR})
"""Routes that show where a list begins, and nothing beyond."""


class ShopSpider(ListSpider):
    """A list begins with its page, and other routes go on from there."""

    name = "shop"
    operation = Operation.SHOP_PRODUCT
    record_type = Product

    @classmethod
    def declared_target(cls) -> str:
        """Any of the five; a target itself says which kind it is."""
        return "q"

    def texts(self) -> list[str]:
        return shop_texts(self.arguments)

    def wanted(self, site: str) -> Iterator[Wanted]:
        """The shop is a site of its own."""
        crawler = getattr(self, "crawler", None)
        shop_site = crawler.settings["TIKTOK_SHOP_BASE_URL"] if crawler else site
        return self.kind.read_targets(self.texts(), now=datetime.now(UTC), site=shop_site)

    async def take_up(self, entry: Entry) -> Parts:
        return await super().take_up(replace(entry, target=self.placed(entry.target)))

    def placed(self, target: Target) -> Target:
        """The same in the storefront that is asked for, where its address names none."""
        return in_region(target, self.arguments.get("region") or self.settings["SHOP_REGION"])

    async def _resolve(self, given: Target) -> Target | Outcome:
        target = await super()._resolve(given)
        return target if isinstance(target, Outcome) else self.placed(target)

    async def ask(self, errand: Errand, callback: Callback) -> Parts:
        """Go on by a route that is open, or end here."""
        if errand.route is not None and errand.route not in self.dispatcher.routes:
            return self.unaskable(errand)
        return await super().ask(errand, callback)

    async def begin(self, target: Target) -> Parts:
        if target.kind is TargetKind.PRODUCT:
            return await super().begin(target)
        return await self.begin_list(OPERATIONS[target.kind], target, Known())

    async def parse_list(self, response: Response) -> Parts:
        answer = Answer.of(response)
        run, page, target = answer.errand.run, answer.reply.parsed.page, answer.errand.target
        assert run
        if not answer.is_ok or page is None:
            return await super().parse_list(response)
        is_entry = answer.errand.route in ENTRIES
        if is_entry and is_search_of_best_sellers(target) and not run.cursor:
            run.cursor, run.cursor_route = start_of_best_sellers(page.cursor), Route.LIST
            return await self.ask(self._next_page(answer), self.parse_list)
        if is_entry and run.is_recount and run.cursor:
            # The page is opened for the cookies that the list wants; its rows are those that were counted.
            return await self.ask(self._next_page(answer), self.parse_list)
        page.cursor = next_cursor(run.cursor, page.cursor, target, [*run.seen, *page.keys])
        return await super().parse_list(response)

    def stamp(self, answer: Answer, items: list[Item]) -> None:
        super().stamp(answer, items)
        for item in items:
            if isinstance(item, Product | Seller):
                item.region = item.region or answer.errand.target.region

    def end_list(self, answer: Answer, listing: Listing) -> Parts:
        return self._with_samples(answer.errand, super().end_list(answer, listing))

    def unaskable(self, errand: Errand, why: Judgement | None = None) -> Parts:
        return self._with_samples(errand, super().unaskable(errand, why))

    def _with_samples(self, errand: Errand, ending: Parts) -> Parts:
        """Where nothing was to be had, give sample records if somebody wants them; the outcome stays the refusal."""
        *others, outcome = ending
        is_refused = outcome.outcome in REFUSALS and outcome.outcome != Verdict.EMPTY
        has_nothing = errand.run is not None and not errand.run.found
        is_served = Route.CURATED in LADDERS[errand.operation] and self.settings.getbool("SHOP_CURATED")
        if not (is_refused and has_nothing and is_served):
            return ending
        samples = curated_products(errand.target, self.selection.limit)
        if not samples:
            return ending
        for sample in samples:
            sample.scraped_at = outcome.at
        reason = f"{outcome.reason}; {len(samples)} sample records instead, which are not TikTok's"
        return [*samples, *others, replace(outcome, route=Route.CURATED, reason=reason)]

    def outcome(self, answer: Answer, verdict: Verdict | None = None, reason: str | None = None) -> Outcome:
        return _told(super().outcome(answer, verdict, reason))

    def _ending(self, target: Target, judgement: Judgement) -> Outcome:
        return _told(super()._ending(target, judgement))

    def _next_page(self, answer: Answer) -> Errand:
        """A page shows its list's start only: what follows is asked for another way, but not whether it is empty."""
        errand = super()._next_page(answer)
        page = answer.reply.parsed.page
        is_empty = page is not None and not page.keys and page.has_more is False
        if errand.route in ENTRIES and not is_empty:
            below = next_route(errand.operation, errand.route, set(self.dispatcher.routes) - ENTRIES)
            errand.route = below or Route.LIST
        return errand


def _told(outcome: Outcome) -> Outcome:
    """Outcomes are about what was asked of the shop: a product is gone, a search is empty."""
    operation: Any = OPERATIONS.get(TargetKind(outcome.kind))
    return replace(outcome, operation=operation) if operation else outcome
