"""A receiver of callbacks, for as long as a `with` block lasts: what a client of the API has of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import Any

import orjson

LARGEST_BYTES = 1 << 20
"""A list of the demo's length takes some kilobytes."""


class Receiver(ThreadingHTTPServer):
    """Takes what is posted to it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.documents: Queue[dict[str, Any]] = Queue()

    @property
    def host(self) -> str:
        """Host and port, as `WEBHOOK_ALLOW_HOSTS` names them."""
        return f"127.0.0.1:{self.server_port}"

    def wait(self, seconds: float) -> dict[str, Any] | None:
        """Return the next callback; nothing when none comes in time."""
        try:
            return self.documents.get(timeout=seconds)
        except Empty:
            return None


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        status = 204
        if length > LARGEST_BYTES:
            status = 413
        else:
            self.server.documents.put(orjson.loads(self.rfile.read(length)))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """Listen until the block ends."""
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
