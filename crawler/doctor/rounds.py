"""Asks the site once by each route of each operation, as a crawl would, and stores nothing of what comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from dataclasses import replace
from time import monotonic
from typing import Any, ClassVar

from scrapy.exceptions import CloseSpider, IgnoreRequest

from crawler.dispatch import CircuitOpen
from crawler.doctor.findings import ROUTES, Finding, State
from crawler.errands import Errand
from crawler.list_runs import ListRun
from crawler.open_routes import UPPER_ROUTES
from crawler.spiders.base import AskingSpider
from pipelines.selection import Selection
from tiktok.endpoints import Known
from tiktok.errors import MissingKnowledge, NoRequest
from tiktok.items import Comment, Hashtag, Item, Product, User, Video
from tiktok.routes import LADDERS, Operation, Route
from tiktok.shop_targets import in_region, shop_search_target, shop_trending_target
from tiktok.urls import Target, TargetKind, read_target
from tiktok.verdicts import PERMANENT, Verdict, judge

ATTEMPTS = 99
"""More than any refusal is worth: what is refused is not asked again."""
ONE_SECONDS = 45.0
"""For one answer, with its wait for an identity and for the pace."""
PAUSED_SECONDS = 2.0
"""How long nobody may be there to ask."""
PLAIN_FIRST = [*(route for route in Route if route not in UPPER_ROUTES), Route.SESSION, Route.BROWSER]
"""The order of the rounds: what costs most comes last."""


class DoctorSpider(AskingSpider):
    """What an answer tells (a post's id, a hashtag's) is what later questions ask about."""

    name = "doctor"
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # Scrapy declares it for instances
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {"crawler.extensions.identities.Identities": 5},
        "DOWNLOAD_TIMEOUT": 15,
        "BROWSER_PATIENCE_SECONDS": 10,
        "BROWSER_PAUSE_SECONDS": 0,
    }

    def __init__(
        self,
        name: str | None = None,
        *,
        user: str,
        tag: str,
        query: str,
        seconds: float,
        found: Callable[[Finding], None],
    ) -> None:
        super().__init__(name)
        kinds = {TargetKind.USER: user, TargetKind.HASHTAG: tag, TargetKind.SEARCH: query}
        self.examples: dict[TargetKind, Target] = {
            kind: read_target(text, kind) for kind, text in kinds.items()
        }
        self.examples[TargetKind.TRENDING] = Target(TargetKind.TRENDING, "trending", "")
        self.examples[TargetKind.SHOP_SEARCH] = shop_search_target(query, "US")
        self.examples[TargetKind.SHOP_TRENDING] = shop_trending_target("home", "US")
        self.seconds = seconds
        self.found = found
        self.known = Known()
        self.open_routes: Collection[Route] = ()

    async def start(self) -> AsyncIterator[Any]:
        self.open_routes, self.dispatcher.routes = self.dispatcher.routes, frozenset()  # nothing to fall to
        until = monotonic() + self.seconds
        for route in PLAIN_FIRST:
            for operation in Operation:
                if route in LADDERS[operation]:
                    self.found(await self._try(operation, route, until - monotonic()))
        nothing: tuple[Any, ...] = ()
        for request in nothing:
            yield request  # makes it the generator that Scrapy wants

    async def _try(self, operation: Operation, route: Route, seconds: float) -> Finding:
        name = f"{operation} by {route}"
        target = self.examples.get(KINDS[operation])
        if route is Route.CURATED:
            return Finding(ROUTES, name, State.OFF, "samples are no answers of the site")
        if route not in self.open_routes:
            return Finding(ROUTES, name, State.OFF, "ROUTES_OFF, or no browser")
        if target is None:
            return Finding(ROUTES, name, State.NOT_ASKED, "no answer told what to ask about")
        began = monotonic()
        try:
            errand = Errand(operation, target, self.known)
            state, detail = await self._in_time(self._ask(errand, route), min(seconds, ONE_SECONDS))
        except Exception as error:  # noqa: BLE001  # whatever keeps a question from its answer is what is to be told
            return Finding(ROUTES, name, *self._kept_back(error))
        return Finding(ROUTES, name, state, f"{detail}, {monotonic() - began:.1f} s")

    async def _in_time(
        self, asking: Coroutine[Any, Any, tuple[State, str]], seconds: float
    ) -> tuple[State, str]:
        """Wait for an answer, and not for a pause of the crawl to end."""
        question = asyncio.get_running_loop().create_task(asking)
        until = monotonic() + seconds
        while not question.done() and monotonic() < until:
            await asyncio.wait([question], timeout=PAUSED_SECONDS)
            if self.dispatcher.pool.pause:
                break
        if not question.done():
            question.cancel()
            raise TimeoutError
        return question.result()

    def _kept_back(self, error: Exception) -> tuple[State, str]:
        """Say why a question got no answer."""
        match error:
            case TimeoutError():
                pause = self.dispatcher.pool.pause
                return State.NOT_ASKED, pause.reason if pause else "the time was over"
            case MissingKnowledge():
                return State.NOT_ASKED, f"no answer told the {error.field}"
            case NoRequest():
                return State.NOT_ASKED, "it comes along with another answer"
            case CircuitOpen():
                return State.REFUSED, str(error)
            case CloseSpider() | IgnoreRequest():
                return State.NOT_ASKED, "stopped"
        return State.FAILED, f"an error of ours: {type(error).__name__}"

    async def _ask(self, errand: Errand, route: Route) -> tuple[State, str]:
        """Ask once; a target that is gone is an answer, too."""
        errand.enter(route)
        errand.attempt = ATTEMPTS
        if errand.operation.is_list:
            errand.run = ListRun(errand.operation, errand.target.key, Selection(None, None, 1))
        request = await self.dispatcher.request_once(errand, self.parse)
        response = await self.crawler.engine.download_async(request)
        reply = response.meta["reply"]  # of the last request, where redirects led on
        judgement = judge(reply, errand.operation)
        self._learn(reply.parsed.items)
        if judgement.verdict is Verdict.OK:
            return State.WORKS, f"{len(reply.parsed.items)} records"
        is_answer = judgement.verdict in PERMANENT
        return State.WORKS if is_answer else State.REFUSED, f"{judgement.verdict} ({judgement.rule})"

    def _learn(self, items: list[Item]) -> None:
        """Note what later questions need; the first answer that tells it counts."""
        for item in items:
            if isinstance(item, User) and item.username == self.examples[TargetKind.USER].key:
                self._note(sec_uid=item.sec_uid, user_id=item.id, username=item.username)
            elif isinstance(item, Hashtag) and item.name == self.examples[TargetKind.HASHTAG].key:
                self._note(challenge_id=item.id)
            elif isinstance(item, Comment) and item.replies_count:
                self._note(comment_id=item.id)
            elif isinstance(item, Product):
                self._learn_product(item)
            elif isinstance(item, Video):
                self.examples.setdefault(TargetKind.VIDEO, read_target(item.id, TargetKind.VIDEO))
                if item.sound_id:
                    self.examples.setdefault(TargetKind.SOUND, read_target(item.sound_id, TargetKind.SOUND))

    def _learn_product(self, product: Product) -> None:
        told = {
            TargetKind.PRODUCT: product.id,
            TargetKind.SHOP_CATEGORY: product.category_id,
            TargetKind.STORE: product.seller_id,
        }
        for kind, word in told.items():
            if word:
                self.examples.setdefault(kind, in_region(read_target(word, kind), "US"))

    def _note(self, **told: str | None) -> None:
        missing = {name: value for name, value in told.items() if value and not getattr(self.known, name)}
        self.known = replace(self.known, **missing)


KINDS = {
    Operation.PROFILE: TargetKind.USER,
    Operation.PROFILE_VIDEOS: TargetKind.USER,
    Operation.FOLLOWERS: TargetKind.USER,
    Operation.FOLLOWING: TargetKind.USER,
    Operation.VIDEO: TargetKind.VIDEO,
    Operation.COMMENTS: TargetKind.VIDEO,
    Operation.REPLIES: TargetKind.VIDEO,
    Operation.HASHTAG: TargetKind.HASHTAG,
    Operation.HASHTAG_VIDEOS: TargetKind.HASHTAG,
    Operation.SOUND: TargetKind.SOUND,
    Operation.SOUND_VIDEOS: TargetKind.SOUND,
    Operation.SEARCH_VIDEOS: TargetKind.SEARCH,
    Operation.SEARCH_USERS: TargetKind.SEARCH,
    Operation.TRENDING: TargetKind.TRENDING,
    Operation.SHOP_PRODUCT: TargetKind.PRODUCT,
    Operation.SHOP_SEARCH: TargetKind.SHOP_SEARCH,
    Operation.SHOP_CATEGORY: TargetKind.SHOP_CATEGORY,
    Operation.SHOP_STORE: TargetKind.STORE,
    Operation.SHOP_TRENDING: TargetKind.SHOP_TRENDING,
}
"""What each operation is asked about."""


def missing_rounds(found: Collection[Finding]) -> list[Finding]:
    """What was not come to: the rounds were stopped."""
    seen = {finding.name for finding in found}
    names = [f"{operation} by {route}" for operation, ladder in LADDERS.items() for route in ladder]
    return [Finding(ROUTES, name, State.NOT_ASKED, "stopped") for name in names if name not in seen]
