"""A server that answers what is posted to it, for whatever the API asks of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import orjson

from tests.fixtures.threads import in_a_thread


class Reply(NamedTuple):
    """What it answers."""

    document: Any
    status: int = 200
    headers: Mapping[str, str] = {}


Answer = Callable[[BaseHTTPRequestHandler, Any], Reply]
"""Makes the reply from the request and its body, which is JSON."""


@contextmanager
def answering(answer: Answer) -> Iterator[int]:
    """Serve; give the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            reply = answer(self, orjson.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            body = orjson.dumps(reply.document)
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
                self.send_header(name, value)
            with suppress(ConnectionError):  # whoever asked may have hung up
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with in_a_thread(server) as port:
        yield port
