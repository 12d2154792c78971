"""Gunicorn's threads, which wait no longer for a request than it is worth, and refuse in JSON.

A thread that reads a body waits for whoever sends it. Sixteen who send a byte now and then would keep all threads of
two processes, so who is slower than any real line is hung up on.
"""

from __future__ import annotations

import re
import threading
import time
from typing import Any

import orjson
from gunicorn import util
from gunicorn.http.errors import NoMoreData
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import ThreadWorker

from webapi.extensions.envelopes import Problem, envelope_for

GRACE_SECONDS = 10.0
"""For the line, the headers and small bodies."""
LEAST_BYTES_PER_SECOND = 20_000
"""Of what is longer: a slow mobile line does ten times as much."""
STEP_BACK_SECONDS = 0.0005
"""Long enough for an idle process to wake up, short beside a request."""
LONGEST_PREFIX = 200
"""Of a request: enough to see whose family's it is."""

_PATH = re.compile(rb"[^ ]+ (/[^? \r\n]*)")
"""In the line that a request begins with."""

_reading = threading.local()


class RequestHead(Request):  # type: ignore[misc]  # as `RequestThreads`
    """Remembers how it begins. What was read before it was the end of another request's body."""

    def read_into(self, unreader: Any, buf: bytearray, stop: bool = False) -> None:
        super().read_into(unreader, buf, stop)
        _reading.begun = bytes(buf[:LONGEST_PREFIX])


class RequestThreads(ThreadWorker):  # type: ignore[misc]  # published without types
    """As `gthread`."""

    def init_process(self) -> None:
        """Refuse in JSON what gunicorn refuses before we see it: a line that is too long, a header that is none."""
        util.write_error = write_error
        RequestParser.mesg_class = RequestHead
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Take a connection; where each thread has one, leave it to the other processes for a moment.

        A client that opens a few and keeps them, as proxies do, would else have one process do all the work. Among
        many, each process gets its part anyway.
        """
        if self.cfg.threads <= self.nr_conns < 2 * self.cfg.threads:
            time.sleep(STEP_BACK_SECONDS)
        super().accept(listener)

    def handle(self, conn: Any) -> Any:
        """Answer a request."""
        _reading.begun = b""
        if conn.initialized and not conn.is_http2:
            hurry(conn.parser.unreader)
        elif not conn.initialized:
            _hurry_when_initialized(conn)
        return super().handle(conn)


def hurry(unreader: Any) -> None:
    """Let what is read from now on come fast enough."""
    begun, received, read = time.monotonic(), 0, type(unreader).chunk

    def chunk(size_hint: int | None = None) -> bytes:
        nonlocal received
        left = begun + GRACE_SECONDS + received / LEAST_BYTES_PER_SECOND - time.monotonic()
        before = unreader.sock.gettimeout()
        try:
            unreader.sock.settimeout(max(0.001, left if before is None else min(before, left)))
            data: bytes = read(unreader, size_hint)
        except TimeoutError:
            raise NoMoreData from None
        finally:
            unreader.sock.settimeout(before)
        received += len(data)
        return data

    unreader.chunk = chunk


def _hurry_when_initialized(conn: Any) -> None:
    initialize = conn.init

    def init() -> None:
        initialize()
        if not conn.is_http2:
            hurry(conn.parser.unreader)

    conn.init = init


def write_error(sock: Any, status: int, reason: str, message: str) -> None:
    """Refuse a request that is none, in the words of the family that was asked."""
    path = _PATH.match(_reading.begun)
    envelope = envelope_for(path[1].decode("latin-1") if path else "/")
    body = orjson.dumps(envelope(Problem(status=status, message=message or reason)))
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/json\r\n"
    util.write_nonblock(sock, f"{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body)
