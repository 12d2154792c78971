"""One running proxy: its name, its password, its trouble and its counts; and how a client reaches a site."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from standin.proxy.trouble import LIE, Trouble, exchange
from standin.proxy.wire import LARGEST_HEAD, Wire, address_of, closed, connected


@dataclass(slots=True)
class Proxy:
    """A proxy and what it has seen."""

    name: str
    user: str = ""
    password: str = ""
    trouble: Trouble = field(default_factory=Trouble)
    counts: Counter[str] = field(default_factory=Counter)
    """`connections`, `refused` and `forwarded` ones, and how often each kind of trouble was met."""

    @property
    def address(self) -> str:
        """Loopback address this exit sends from."""
        return address_of(self.name)

    def next_trouble(self) -> str:
        """Return the kind of trouble a new connection meets, or nothing."""
        kind = self.trouble.strikes()
        self.counts.update(["connections", *filter(None, [kind])])
        return kind

    def admits(self, user: str, password: str) -> bool:
        """Check credentials; without any of its own the proxy takes all."""
        if not self.user or (user, password) == (self.user, self.password):
            return True
        self.counts["refused"] += 1
        return False

    async def forward(
        self, client: Wire, host: str, port: int, kind: str, *, greeting: bytes = b"", head: bytes = b""
    ) -> None:
        """Connect a client with a site: `greeting` is for the client, `head` is what the site hears first.

        Raises `NotLoopbackError` or `ConnectionRefusedError` before a byte is sent.
        """
        async with connected(host, port, self.address) as site:
            self.counts["forwarded"] += 1
            client.writer.write(greeting)
            if kind == "lie":
                client.writer.write(LIE)
                await client.writer.drain()
                return
            site.writer.write(head)
            await exchange(client, site, kind, self.trouble)


Speaker = Callable[[Proxy, Wire], Awaitable[None]]
"""Serves one client of a proxy in its protocol."""


async def start(proxy: Proxy, speak: Speaker, host: str, port: int) -> asyncio.Server:
    """Listen for clients."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Wire(reader, writer)
        try:
            # What a client does wrong, or leaves unfinished, ends its own connection and nothing else.
            with contextlib.suppress(OSError, EOFError, ValueError, asyncio.LimitOverrunError):
                await speak(proxy, client)
        finally:
            await closed(client)

    return await asyncio.start_server(serve, host, port, limit=LARGEST_HEAD)
