"""What both kinds of proxy share: reading a head, reaching the loopback interface, and carrying bytes."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from standin.dice import draw

EXIT_HEADER = "X-Standin-Exit"
"""Tells the site which exit a request left through; tunnels show only the address they come from."""
LARGEST_HEAD = 65_536
PIECE = 65_536


class NotLoopbackError(Exception):
    """Somebody asked for an address that is not on this machine."""


class Wire(NamedTuple):
    """Both directions of one connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


def address_of(name: str) -> str:
    """Return the loopback address the exit of this name sends from, so that tunnels are told apart, too."""
    words = draw(0, "exit", name)
    return f"127.{1 + words[0] % 250}.{words[1] % 256}.{1 + words[2] % 250}"


@asynccontextmanager
async def connected(host: str, port: int, source: str) -> AsyncIterator[Wire]:
    """Connect to a server on the loopback interface, from an address of one's own where the system has those."""
    target = loopback_address(host)
    try:
        wire = Wire(*await asyncio.open_connection(target, port, local_addr=(source, 0)))
    except ConnectionRefusedError:
        raise
    except OSError:  # Linux answers for all of 127.0.0.0/8, other systems only for 127.0.0.1
        wire = Wire(*await asyncio.open_connection(target, port))
    try:
        yield wire
    finally:
        await closed(wire)


def loopback_address(host: str) -> str:
    """Return the address to connect to; no name but `localhost` is ever resolved."""
    if host == "localhost":
        return "127.0.0.1"
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return host
    raise NotLoopbackError(host)


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way until they end."""
    while piece := await reader.read(PIECE):
        writer.write(piece)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def closed(wire: Wire) -> None:
    """Close a connection, whatever state it is in."""
    wire.writer.close()
    with contextlib.suppress(OSError):
        await wire.writer.wait_closed()
