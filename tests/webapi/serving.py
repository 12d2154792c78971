"""The application behind a real socket."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Flask
from werkzeug.serving import make_server

from tests.fixtures.threads import in_a_thread


def close(app: Flask) -> None:
    """Let go of the threads, files and connections of an application."""
    app.extensions["shop"].close()
    app.extensions["crawler"].close()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return orjson.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.document["error"]["code"])


@dataclass(frozen=True, slots=True)
class Api:
    """A server to ask."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, query: dict[str, Any] | None = None) -> Answer:
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        headers = {"Content-Type": "application/json", **headers}
        return self.ask("POST", path, orjson.dumps(body), headers)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, self.headers | (headers or {}))
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """Serve an application on a port of its own."""
    with in_a_thread(make_server("127.0.0.1", 0, app, threaded=True)) as port:
        yield port
