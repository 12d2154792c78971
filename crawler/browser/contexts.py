"""Browser contexts: one per identity, with its proxy and User-Agent, replaced after so many visits.

A context is what Chromium calls a visitor's own cookies, storage and connections. It grows with every page it
has shown, so after some visits a new one takes over its storage and goes on in its place.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, Error, StorageState

VISITS = 50
"""Pages that a context shows before it is replaced."""
IDLE_KEPT = 3
"""Contexts kept although nobody uses them just now; each costs some ten megabytes."""
CLOSE_SECONDS = 10.0
"""For a context to tell what it remembers, and to close."""


@dataclass(slots=True)
class Room:
    """One context, known to scrapy-playwright by its name."""

    identity: str
    name: str
    visits: int = 0
    visitors: int = 0
    """Visits under way."""
    context: BrowserContext | None = None
    """Known once the first page is open."""


@dataclass(slots=True)
class Contexts:
    """Which context serves which identity."""

    visits: int = VISITS
    _rooms: OrderedDict[str, Room] = field(default_factory=OrderedDict)
    _storage: dict[str, StorageState] = field(default_factory=dict)
    _count: int = 0

    @asynccontextmanager
    async def room(self, identity: str) -> AsyncIterator[Room]:
        """Give the identity's context for one visit."""
        room = self._rooms.pop(identity, None)
        if room is None:
            self._count += 1
            room = Room(identity, f"{identity}#{self._count}")
        self._rooms[identity] = room
        room.visits += 1
        room.visitors += 1
        try:
            yield room
        finally:
            room.visitors -= 1
            await self._clear(room)

    def storage(self, identity: str) -> dict[str, Any]:
        """What a new context of this identity is to remember of the one before."""
        state = self._storage.get(identity)
        return {"storage_state": state} if state else {}

    def forget(self) -> None:
        """Start afresh: the browser that held the contexts is gone."""
        self._rooms.clear()

    async def _clear(self, room: Room) -> None:
        """Close what has served long enough, and what nobody has used for long."""
        if room.visits >= self.visits and self._rooms.get(room.identity) is room:
            del self._rooms[room.identity]
        if self._rooms.get(room.identity) is not room and not room.visitors:
            await self._close(room)
        idle = [one for one in self._rooms.values() if not one.visitors]
        for one in idle[: max(0, len(idle) - IDLE_KEPT)]:
            del self._rooms[one.identity]
            await self._close(one)

    async def _close(self, room: Room) -> None:
        if room.context is None:
            return
        with suppress(Error, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                self._storage[room.identity] = await room.context.storage_state()
                await room.context.close()
