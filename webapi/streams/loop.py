"""The thread in which all streams of a process live: an event loop, and aiohttp's server without a listener."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web
from sqlalchemy import Engine

from webapi.streams.hub import Hub, Read, Subscription

logger = logging.getLogger(__name__)

EXTENSION = "streams"
"""Where an application has them, once there are any."""
GOODBYE_SECONDS = 2.0
"""How long the end of the process waits for streams to say that they end."""
LOOK_SECONDS = 1.0
"""How often is looked whether a client is still there."""
MOST_BYTES = 4096
"""Of what a client sends; nobody reads it."""

Talk = Callable[[web.BaseRequest, "Stream"], Awaitable[web.StreamResponse]]


class Full(Exception):  # noqa: N818  # says what happened
    """As many streams are open as may be."""


@dataclass(slots=True, eq=False)
class Stream:
    """One connection that is handed over."""

    talk: Talk
    subscription: Subscription
    request_headers: Mapping[str, str]
    """What the loop's server is to see of the request: no path, no credentials."""
    client_id: str
    headers: dict[str, str] = field(default_factory=dict)
    """Of the answer."""

    @property
    def head(self) -> bytes:
        lines = [f"{name}: {value}" for name, value in self.request_headers.items()]
        return "\r\n".join(["GET / HTTP/1.1", "Host: stream", *lines, "", ""]).encode("latin-1")


class Streams:
    """All streams of a process. The thread begins with the first of them, and so after the server forked."""

    def __init__(self, engine: Engine, read: Read, *, most: int, most_per_client: int) -> None:
        self.hub = Hub(engine, read)
        self.most = most
        self.most_per_client = most_per_client
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def reserve(self, client_id: str) -> None:
        """Take a place; raise `Full`."""
        with self._lock:
            if self._open[client_id] >= self.most_per_client or self._open.total() >= self.most:
                raise Full
            self._open[client_id] += 1

    def release(self, client_id: str) -> None:
        """Give the place back."""
        with self._lock:
            self._open[client_id] -= 1
            if not self._open[client_id]:
                del self._open[client_id]

    def adopt(self, stream: Stream, connection: socket.socket, remains: socket.socket) -> None:
        """Talk on a connection from now on; `remains` is our end of what the server got instead."""
        connection.setblocking(False)
        remains.setblocking(False)
        loop = self._running_loop()
        loop.call_soon_threadsafe(self._begin, stream, connection, remains)

    def close(self) -> None:
        """End all streams, and tell their clients."""
        if self._loop:
            self._loop.call_soon_threadsafe(self.hub.close)
            ended = asyncio.run_coroutine_threadsafe(self._wait_for_all(), self._loop)
            with suppress(TimeoutError):
                ended.result(GOODBYE_SECONDS)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                # A daemon: a process that ends does not wait for jobs.
                threading.Thread(target=self._loop.run_forever, name="streams", daemon=True).start()
            return self._loop

    def _begin(self, stream: Stream, connection: socket.socket, remains: socket.socket) -> None:
        for work in (self._serve(stream, connection), _drain(remains)):
            task = asyncio.get_running_loop().create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, stream: Stream, connection: socket.socket) -> None:
        ended = asyncio.Event()

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            try:
                self.hub.add(stream.subscription)
                return await stream.talk(request, stream)
            finally:
                self.hub.remove(stream.subscription)
                ended.set()

        # A server per connection: it has one request, whose head it gets from us.
        server = web.Server(answer, handler_cancellation=True, access_log=None)
        try:
            transport, protocol = await asyncio.get_running_loop().connect_accepted_socket(server, connection)
            protocol.data_received(stream.head)
            # Who hangs up at once may be gone before anything is answered.
            while not ended.is_set() and not transport.is_closing():
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), LOOK_SECONDS)
            await server.shutdown(GOODBYE_SECONDS)
            transport.close()
        except Exception:
            logger.exception("A stream broke off")
        finally:
            connection.close()
            self.release(stream.client_id)

    async def _wait_for_all(self) -> None:
        here = asyncio.current_task()
        others = [task for task in self._tasks if task is not here]
        if others:
            await asyncio.wait(others)


async def _drain(remains: socket.socket) -> None:
    """Read what the server believes to tell its client, until it closes."""
    loop = asyncio.get_running_loop()
    with remains, suppress(OSError):
        while await loop.sock_recv(remains, MOST_BYTES):
            pass
