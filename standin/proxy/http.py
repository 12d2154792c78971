"""The HTTP proxy: addresses in full for plain http, CONNECT for all else, and `/__proxy__/` to steer it."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import NamedTuple
from urllib.parse import urlsplit

from standin.proxy.server import Proxy
from standin.proxy.trouble import BadTroubleError, read_trouble
from standin.proxy.wire import EXIT_HEADER, NotLoopbackError, Wire

CONTROL = "/__proxy__/"
_HOP_BY_HOP = ("proxy-authorization", "proxy-connection", "connection", "keep-alive", EXIT_HEADER.lower())
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Head(NamedTuple):
    """The first lines of a request."""

    method: str
    target: str
    headers: list[tuple[str, str]]

    def header(self, name: str) -> str:
        """Return a header, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), "")


async def speak_http(proxy: Proxy, client: Wire) -> None:
    """Serve one client: one request, or one tunnel."""
    head = read_head(await client.reader.readuntil(b"\r\n\r\n"))
    if head.target.startswith(CONTROL):
        await _control(proxy, client, head)
        return
    kind = proxy.next_trouble()
    if kind == "cut":
        return
    if kind == "refuse" or not proxy.admits(*_credentials(head)):
        _say(client, 407, "Proxy Authentication Required", {"Proxy-Authenticate": 'Basic realm="standin"'})
        return
    try:
        await _forward(proxy, client, head, kind)
    except NotLoopbackError as error:
        _say(client, 403, "Forbidden", body=f"{error} is not on this machine")
    except ConnectionRefusedError:
        _say(client, 502, "Bad Gateway", body="nobody listens there")


async def _forward(proxy: Proxy, client: Wire, head: Head, kind: str) -> None:
    if head.method == "CONNECT":
        host, _, port = head.target.rpartition(":")
        await proxy.forward(client, host.strip("[]"), int(port), kind, greeting=_ESTABLISHED)
        return
    site = urlsplit(head.target)
    if site.scheme != "http" or not site.hostname:
        _say(client, 400, "Bad Request", body="this is a proxy: name the whole http address, or CONNECT")
        return
    await proxy.forward(client, site.hostname, site.port or 80, kind, head=forwarded_head(head, proxy.name))


def read_head(raw: bytes) -> Head:
    """Read request line and headers."""
    first, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _version = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    return Head(method.upper(), target, [(name.strip(), value.strip()) for name, _, value in pairs])


def forwarded_head(head: Head, exit_name: str) -> bytes:
    """Write the head for the site: path only, the exit's name, and one request per connection."""
    site = urlsplit(head.target)
    path = site._replace(scheme="", netloc="").geturl() or "/"
    kept = [(name, value) for name, value in head.headers if name.lower() not in _HOP_BY_HOP]
    lines = [f"{head.method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in kept)]
    lines += [f"{EXIT_HEADER}: {exit_name}", "Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _credentials(head: Head) -> tuple[str, str]:
    """Read user and password, empty without them."""
    scheme, _, coded = head.header("proxy-authorization").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    user, _, password = b64decode(coded).decode().partition(":")
    return user, password


async def _control(proxy: Proxy, client: Wire, head: Head) -> None:
    """`GET /__proxy__/counts`; `PUT /__proxy__/fault` with the fault as its body."""
    if head.method == "PUT":
        body = await client.reader.readexactly(int(head.header("content-length") or 0))
        try:
            proxy.trouble = read_trouble(body.decode())
        except BadTroubleError as error:
            _say(client, 400, "Bad Request", body=str(error))
            return
    _say(client, 200, "OK", {"Content-Type": "application/json"}, json.dumps(dict(proxy.counts)))


def _say(
    client: Wire, status: int, reason: str, headers: dict[str, str] | None = None, body: str = ""
) -> None:
    """Answer by oneself, and for the last time on this connection."""
    content = body.encode()
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    lines += [f"Content-Length: {len(content)}", "Connection: close"]
    client.writer.write("\r\n".join([*lines, "", ""]).encode() + content)
