"""Sends requests to vetted addresses. httpcore knows no redirects, no proxies of the environment, no cookies."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore
import httpx

from store.errors import AddressRefused, AddressUnknown, NotDelivered
from store.outbound.destinations import Destination
from store.outbound.guard import Guard

TIMEOUT_SECONDS = 20.0
SLICE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered; the body is not read."""

    status: int
    location: str | None = None
    """Where a redirect leads."""


class Deadline:
    """A moment that all of a request's waits share, so that many short ones can't add up to a long one."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self.extend()

    def extend(self) -> None:
        self._end = self._clock() + self._seconds

    def left(self, out_of_time: type[Exception]) -> float:
        seconds = self._end - self._clock()
        if seconds <= 0:
            raise out_of_time("timed out")
        return seconds


def post(
    guard: Guard,
    url: str,
    headers: Mapping[str, str],
    body: Iterable[bytes],
    *,
    timeout_seconds: float = TIMEOUT_SECONDS,
    ssl_context: ssl.SSLContext | None = None,
) -> Reply:
    """Send a body and return the answer's status; raise `NotDelivered` when there is none.

    The time limit holds for the connection, for each piece of the body, and for the answer.
    """
    deadline = Deadline(timeout_seconds)
    request = _Request("POST", url, headers, _paced(body, deadline))
    return _send(guard, request, deadline, ssl_context)


def get(
    guard: Guard, url: str, headers: Mapping[str, str], *, timeout_seconds: float = TIMEOUT_SECONDS
) -> Reply:
    """Ask and return how the answer begins; raise `NotDelivered` when there is none."""
    return _send(guard, _Request("GET", url, headers), Deadline(timeout_seconds))


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    headers: Mapping[str, str]
    body: Iterator[bytes] | None = None


def _send(
    guard: Guard, request: _Request, deadline: Deadline, ssl_context: ssl.SSLContext | None = None
) -> Reply:
    try:
        destination = guard.read(request.url)
        address = httpcore.URL(
            scheme=destination.scheme, host=destination.host, port=destination.port, target=destination.path
        )
        pool = httpcore.ConnectionPool(
            ssl_context=ssl_context or _trusting_the_usual(),
            network_backend=_VettedBackend(guard, destination, deadline),
        )
        lines: list[tuple[bytes | str, bytes | str]] = [
            ("Host", destination.authority),
            *request.headers.items(),
        ]
        with pool, pool.stream(request.method, address, headers=lines, content=request.body) as response:
            return Reply(response.status, _location(response))
    except (AddressRefused, AddressUnknown) as error:
        raise NotDelivered(str(error)) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
        raise NotDelivered(f"{type(error).__name__}: {error}".rstrip(": ")) from error


def _location(response: httpcore.Response) -> str | None:
    found = (value for name, value in response.headers if name.lower() == b"location")
    location = next(found, None)
    return location.decode("ascii", "replace") if location and 300 <= response.status < 400 else None


@cache
def _trusting_the_usual() -> ssl.SSLContext:
    """Certifi's authorities, or those of `SSL_CERT_FILE`."""
    return httpx.create_ssl_context()


def _paced(body: Iterable[bytes], deadline: Deadline) -> Iterator[bytes]:
    for piece in body:
        for start in range(0, len(piece), SLICE_BYTES):
            deadline.extend()
            yield piece[start : start + SLICE_BYTES]
    deadline.extend()


class _VettedBackend(httpcore.NetworkBackend):
    """Connects only to addresses that the guard has let through for this destination."""

    def __init__(self, guard: Guard, destination: Destination, deadline: Deadline) -> None:
        self._guard = guard
        self._destination = destination
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # the deadline decides
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        assert (host, port) == (self._destination.host, self._destination.port), (
            "one request, one destination"
        )
        left = self._deadline.left(httpcore.ConnectTimeout)
        *others, last = self._guard.addresses(self._destination, left)
        for address in others:
            try:
                share = self._deadline.left(httpcore.ConnectTimeout) / 2
                return self._connect(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        left = self._deadline.left(httpcore.ConnectTimeout)
        return self._connect(str(last), port, left, local_address, socket_options)

    def _connect(self, host: str, port: int, timeout: float, *more: Any) -> httpcore.NetworkStream:
        return _TimedStream(self._network.connect_tcp(host, port, timeout, *more), self._deadline)

    def connect_unix_socket(self, *_arguments: Any, **_more: Any) -> httpcore.NetworkStream:
        raise httpcore.ConnectError("no sockets of this machine")


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every wait ends with the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  # the deadline decides
        return self._stream.read(max_bytes, self._deadline.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  # as above
        self._stream.write(buffer, self._deadline.left(httpcore.WriteTimeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  # as above
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(httpcore.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()
