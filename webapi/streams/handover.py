"""Takes a connection away from the server that accepted it, and gives it to the loop.

The loop gets a second descriptor of the same socket. Under the first one's number the server gets a connection that
leads nowhere, before it writes a byte: into that it writes its answer, and that it shuts down and closes, as it does
with every connection. So it needs no word of ours, and can't end what it no longer has.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Response

from webapi.streams.loop import Stream, Streams

SOCKETS = ("gunicorn.socket", "werkzeug.socket")
"""Where servers put the connection into the environment of a request."""


class Handover(Response):
    """An answer that the loop gives, with the headers that this one has when all has been said about it."""

    def __init__(self, streams: Streams, stream: Stream, status: int) -> None:
        super().__init__(status=status)
        self._streams = streams
        self._stream = stream

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand the connection over; what is answered now goes nowhere."""
        connection = connection_of(environ)
        assert connection is not None, "the route looked"
        self._stream.headers = {
            name: value for name, value in self.headers.items() if not name.lower().startswith("content-")
        }
        try:
            self._streams.adopt(self._stream, *detach(connection))
        except OSError:  # no descriptor is left
            self._streams.release(self._stream.client_id)
            raise
        return super().__call__(environ, start_response)


def connection_of(environ: dict[str, Any]) -> socket.socket | None:
    """The connection of a request; none under servers that keep it to themselves."""
    return next((environ[name] for name in SOCKETS if isinstance(environ.get(name), socket.socket)), None)


def detach(connection: socket.socket) -> tuple[socket.socket, socket.socket]:
    """Give the connection under a new descriptor, and our end of the one that the server has now."""
    taken = connection.dup()
    ours, theirs = socket.socketpair()
    # Whoever waits for the server's peer to hang up, hears at once that it did.
    ours.shutdown(socket.SHUT_WR)
    os.dup2(theirs.fileno(), connection.fileno(), inheritable=False)
    theirs.close()
    return taken, ours
