"""Who asks what: equal questions share one crawl, so many crawls go at once, and nobody waits beyond his deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from crawler.callers import Caller
from tiktok.lookups import Question
from tiktok.urls import Target

Key = tuple[object, ...]
LookUp = Callable[[Question, Target, Caller], Awaitable[bytes]]


class Busy(Exception):  # noqa: N818  # says what happened
    """As many lookups are under way as may be."""


class TooSlow(Exception):  # noqa: N818  # says what happened
    """The deadline came before the answer."""


@dataclass(slots=True, eq=False)
class UnderWay:
    """One crawl and how many wait for it."""

    caller: Caller
    task: asyncio.Task[bytes]
    waiting: int = field(default=0)


class Desk:
    """A crawl that nobody waits for any more is ended; until it has ended, it counts."""

    def __init__(self, look_up: LookUp, most: int) -> None:
        self.most = most
        self.served = 0
        self._look_up = look_up
        self._by_question: dict[Key, UnderWay] = {}
        self._all: set[UnderWay] = set()

    @property
    def under_way(self) -> int:
        """Crawls that go on at the moment."""
        return len(self._all)

    async def ask(self, question: Question, target: Target, seconds: float) -> bytes:
        """Wait for the answer; raises `Busy` at once, or `TooSlow` at the deadline."""
        key = _key(question, target)
        one = self._by_question.get(key) or self._begin(key, question, target)
        one.waiting += 1
        one.caller.until = max(one.caller.until, time.monotonic() + seconds)
        try:
            async with asyncio.timeout(seconds):
                answer = await asyncio.shield(one.task)
        except TimeoutError:
            raise TooSlow from None
        finally:
            one.waiting -= 1
            if not one.waiting:
                self._leave(key, one)
        self.served += 1
        return answer

    async def close(self, seconds: float) -> None:
        """Let the crawls under way end by themselves, as long as that takes no longer; then end them."""
        tasks = [one.task for one in self._all]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for one in self._all:
            one.caller.leave()

    def _begin(self, key: Key, question: Question, target: Target) -> UnderWay:
        if len(self._all) >= self.most:
            raise Busy
        caller = Caller()
        task = asyncio.ensure_future(self._look_up(question, target, caller))
        one = UnderWay(caller, task)
        self._by_question[key] = one
        self._all.add(one)
        task.add_done_callback(lambda _: self._end(key, one))
        return one

    def _leave(self, key: Key, one: UnderWay) -> None:
        """Nobody waits: end the crawl, and let nobody join it."""
        if not one.task.done():
            one.caller.leave()
            self._forget(key, one)

    def _end(self, key: Key, one: UnderWay) -> None:
        self._all.discard(one)
        self._forget(key, one)
        if not one.task.cancelled():
            one.task.exception()  # whoever waited has been told; nobody else needs to be

    def _forget(self, key: Key, one: UnderWay) -> None:
        if self._by_question.get(key) is one:
            del self._by_question[key]


def _key(question: Question, target: Target) -> Key:
    return (question.lookup, target.kind, target.key, question.rows, question.cursor, question.category)
