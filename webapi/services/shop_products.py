"""Products of TikTok Shop while the caller waits: from the cache, else from the live service.

What a lookup came to is kept as the document that callers get. Only good answers are: a refusal, what came before it,
sample data, or silence of the live service is told to those who wait, unless an old answer can take its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import orjson

from store.cache import Cache, Cached, FillRefused, FillTooSlow, Fresh, open_cache
from store.config import Config
from tiktok.errors import InvalidQuestion
from tiktok.lookups import Lookup, Question
from tiktok.verdicts import Verdict
from webapi.services.errors import Failed, Missing, Unavailable, Unusable
from webapi.services.live import LiveAnswer, LiveBusy, LiveService, LiveTooSlow, LiveUnreachable

Document = dict[str, Any]
Write = Callable[[Question, LiveAnswer], Document]

ROOM = "shop"
TRENDING, SEARCH, PRODUCT = "trending", "search", "product"
"""Tags of answers, and beginnings of their keys."""
GOOD = frozenset({Verdict.OK, Verdict.EMPTY})
GONE = frozenset({Verdict.NOT_FOUND, Verdict.UNAVAILABLE, Verdict.TAKEN_DOWN})
SAMPLES = "curated"
"""The route of the sample data that we ship."""
BUSY_SECONDS = 5
DEFAULT_RESULTS = 20


@dataclass(frozen=True, slots=True)
class ShopAnswer:
    """What callers get."""

    document: bytes
    """A JSON object."""
    cached: bool
    ttl_left_seconds: int | None
    stale: bool = False

    @classmethod
    def of(cls, found: Cached) -> ShopAnswer:
        return cls(found.body, found.cached, found.ttl_left_seconds, found.stale)


class ShopProducts:
    """Searches and trends. For all threads of a process."""

    def __init__(self, config: Config, write: Write) -> None:
        """`write` makes the document of an answer to a question."""
        self._config = config
        self._write = write
        self.cache: Cache = open_cache(config, ROOM)
        self.live = LiveService(config)

    def search(self, query: str, most: int, *, use_cache: bool) -> ShopAnswer:
        """Products that match some words."""
        words = " ".join(query.split())
        return self._answer(
            f"{SEARCH}:{words.casefold()}:{most}",
            self._config.cache_search_seconds,
            Question(Lookup.SHOP_SEARCH, words, most),
            {SEARCH, *(f"{SEARCH}:{word}" for word in words.casefold().split())},
            use_cache=use_cache,
        )

    def trending(self, category: str | None, most: int, *, use_cache: bool) -> ShopAnswer:
        """Products that sell best, in a category or in all of the shop."""
        config = self._config
        return self._answer(
            f"{TRENDING}:{category or 'all'}:{most}",
            config.cache_category_seconds if category else config.cache_trending_seconds,
            Question(Lookup.SHOP_TRENDING, count=most, category=category),
            {TRENDING, trending_tag(category)},
            use_cache=use_cache,
        )

    def product(self, product_id: str, *, use_cache: bool) -> ShopAnswer:
        """One product with all that its page tells; raises `Missing` when it is gone."""
        return self._answer(
            f"{PRODUCT}:{product_id}",
            self._config.cache_product_seconds,
            Question(Lookup.SHOP_PRODUCT, product_id),
            {PRODUCT},
            use_cache=use_cache,
        )

    def close(self) -> None:
        """Let go of files and connections."""
        self.cache.close()
        self.live.close()

    def _answer(
        self, key: str, ttl_seconds: float, question: Question, tags: Collection[str], *, use_cache: bool
    ) -> ShopAnswer:
        def fill() -> Fresh:
            answer = self._look_up(question)
            document = self._write(question, answer)
            if answer.outcome not in GOOD or has_samples(answer):
                raise _refused(question, answer, document)
            return Fresh(orjson.dumps(document), tags_of(answer))

        try:
            found = self.cache.read_through(
                key, ttl_seconds, fill, tags=tags, fresh=not use_cache or not ttl_seconds
            )
        except FillRefused as refusal:
            return _instead(refusal)
        return ShopAnswer.of(found)

    def _look_up(self, question: Question) -> LiveAnswer:
        try:
            return self.live.look_up(question)
        except InvalidQuestion as error:
            raise Unusable(str(error)) from error
        except LiveBusy as error:
            raise FillRefused(_problem(str(error), Unavailable, error.retry_after_seconds)) from error
        except LiveUnreachable as error:
            raise FillRefused(_problem(str(error), Unavailable, BUSY_SECONDS)) from error
        except LiveTooSlow as error:
            raise FillRefused(_problem(f"Connection timeout: {error}", Failed)) from error


def has_samples(answer: LiveAnswer) -> bool:
    """Whether any of it is sample data."""
    return answer.route == SAMPLES or any(item.get("route") == SAMPLES for item in answer.items)


def trending_tag(category: str | None) -> str:
    """The tag of what trends in a category."""
    return f"{TRENDING}:{category or 'all'}"


def tags_of(answer: LiveAnswer) -> set[str]:
    """What invalidates an answer: each product in it, and each seller."""
    tags = {f"product:{item['id']}" for item in answer.items if item["type"] == "product"}
    sellers = {item.get("seller_id") for item in answer.items}
    return tags | {f"seller:{seller}" for seller in sellers if seller}


def _refused(question: Question, answer: LiveAnswer, document: Document) -> FillRefused:
    if document.get("products"):  # samples, or what came before the refusal
        return FillRefused(orjson.dumps({"instead": document}))
    if answer.outcome in GONE:
        return FillRefused(_problem(answer.reason, Unusable if question.lookup.is_list else Missing))
    kind = Failed if answer.outcome in (Verdict.SCHEMA_CHANGED, Verdict.NO_DATA) else Unavailable
    return FillRefused(_problem(f"{answer.outcome}: {answer.reason}", kind, answer.retry_after_seconds))


def _problem(message: str, kind: type[Exception], retry_after_seconds: float | None = None) -> bytes:
    """As it goes through the cache to all who wait, in whatever process."""
    seconds = None if retry_after_seconds is None else math.ceil(retry_after_seconds)
    return orjson.dumps({"kind": kind.__name__, "message": message, "retry_after_seconds": seconds})


def _instead(refusal: FillRefused) -> ShopAnswer:
    """What is told when there is not even an old answer."""
    if isinstance(refusal, FillTooSlow):
        raise Failed("Connection timeout: another request for the same is still under way") from refusal
    told = orjson.loads(refusal.body)
    if "instead" in told:
        return ShopAnswer(orjson.dumps(told["instead"]), cached=False, ttl_left_seconds=None)
    match told["kind"]:
        case "Unavailable":
            raise Unavailable(told["message"], told["retry_after_seconds"]) from refusal
        case "Unusable":
            raise Unusable(told["message"]) from refusal
        case "Missing":
            raise Missing(told["message"]) from refusal
        case _:
            raise Failed(told["message"]) from refusal
