"""The SOCKS5 proxy (RFC 1928), with user and password (RFC 1929)."""

from __future__ import annotations

import socket
from enum import IntEnum

from standin.proxy.server import Proxy
from standin.proxy.wire import NotLoopbackError, Wire

VERSION, LOGIN_VERSION = 5, 1
OPEN, LOGIN, NO_METHOD = 0, 2, 0xFF
"""Ways to get in."""
CONNECT = 1
IPV4, NAME, IPV6 = 1, 3, 4


class Reply(IntEnum):
    """What becomes of a request."""

    SUCCEEDED = 0
    NOT_ALLOWED = 2
    REFUSED = 5
    UNKNOWN_COMMAND = 7


async def speak_socks(proxy: Proxy, client: Wire) -> None:
    """Serve one client: one tunnel."""
    kind = proxy.next_trouble()
    if kind == "cut" or not await _is_admitted(proxy, client, kind):
        return
    _version, command, _reserved, form = await client.reader.readexactly(4)
    host, port = await _read_host(client, form), int.from_bytes(await client.reader.readexactly(2))
    if command != CONNECT:
        client.writer.write(_reply(Reply.UNKNOWN_COMMAND))
        return
    try:
        await proxy.forward(client, host, port, kind, greeting=_reply(Reply.SUCCEEDED))
    except NotLoopbackError:
        client.writer.write(_reply(Reply.NOT_ALLOWED))
    except ConnectionRefusedError:
        client.writer.write(_reply(Reply.REFUSED))


async def _is_admitted(proxy: Proxy, client: Wire, kind: str) -> bool:
    _version, number = await client.reader.readexactly(2)
    offered = await client.reader.readexactly(number)
    wanted = LOGIN if proxy.user or kind == "refuse" else OPEN
    if wanted not in offered:
        proxy.counts["refused"] += 1
        client.writer.write(bytes([VERSION, NO_METHOD]))
        return False
    client.writer.write(bytes([VERSION, wanted]))
    if wanted == OPEN:
        return True
    await client.reader.readexactly(1)
    user, password = await _read_text(client), await _read_text(client)
    admitted = kind != "refuse" and proxy.admits(user, password)
    client.writer.write(bytes([LOGIN_VERSION, 0 if admitted else 1]))
    return admitted


async def _read_host(client: Wire, form: int) -> str:
    if form == NAME:
        return await _read_text(client)
    if form == IPV4:
        return socket.inet_ntop(socket.AF_INET, await client.reader.readexactly(4))
    return socket.inet_ntop(socket.AF_INET6, await client.reader.readexactly(16))


async def _read_text(client: Wire) -> str:
    length = (await client.reader.readexactly(1))[0]
    return (await client.reader.readexactly(length)).decode()


def _reply(reply: Reply) -> bytes:
    """Return a reply; the bound address, which nobody needs here, is all zero."""
    return bytes([VERSION, reply, 0, IPV4]) + bytes(6)
