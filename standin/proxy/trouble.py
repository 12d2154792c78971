"""What can be wrong with a proxy, and how its answers look then."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from standin.proxy.wire import PIECE, Wire, carry

KINDS = {
    "refuse": "every password is wrong: 407, or no SOCKS access",
    "die": "the connection closes after `bytes` (1000) of each answer",
    "drip": "`bytes` (200) of the answer every `seconds` (0.1)",
    "hang": "it connects, and nothing ever comes back",
    "lie": "its own HTML page, status 200, whatever was asked for",
    "cut": "every connection closes before a byte is sent",
}
"""Each kind takes `after` (0): connections that pass unharmed first."""

_DEFAULTS = {"bytes": {"die": 1_000.0, "drip": 200.0}, "seconds": {"drip": 0.1}}

_PAGE = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>Sign in to this network</h1></body></html>"
LIE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (
    len(_PAGE),
    _PAGE,
)


class BadTroubleError(ValueError):
    """Trouble was described in a way the proxy does not understand."""


@dataclass(slots=True)
class Trouble:
    """One kind of trouble, from a certain connection on; no kind means none."""

    kind: str = ""
    options: dict[str, float] = field(default_factory=dict)
    passed: int = 0
    """Connections it has let pass."""

    def option(self, name: str) -> float:
        """Return an option, or the kind's default."""
        return self.options.get(name, _DEFAULTS[name].get(self.kind, 0.0))

    def strikes(self) -> str:
        """Return the kind of trouble the next connection meets, or nothing."""
        if self.passed < self.options.get("after", 0):
            self.passed += 1
            return ""
        return self.kind


def read_trouble(text: str) -> Trouble:
    """Read `kind` or `kind:option=number,option=number`; an empty text is no trouble."""
    kind, _, rest = text.strip().partition(":")
    if kind and kind not in KINDS:
        raise BadTroubleError(f"{kind!r} is none of {', '.join(KINDS)}")
    options = {}
    for pair in filter(None, rest.split(",")):
        name, _, number = pair.partition("=")
        if name not in ("after", "bytes", "seconds") or not number.replace(".", "", 1).isdigit():
            raise BadTroubleError(f"{pair!r}: options are after, bytes, seconds, each with a number")
        options[name] = float(number)
    return Trouble(kind, options)


async def exchange(client: Wire, site: Wire, kind: str, trouble: Trouble) -> None:
    """Carry bytes both ways until the site has said everything, with the trouble on the way back."""
    asking = asyncio.ensure_future(carry(client.reader, site.writer))
    try:
        if kind == "hang":
            await asking  # ends when the client has had enough
        elif kind == "die":
            await _begin(client, site, int(trouble.option("bytes")))
        elif kind == "drip":
            await _drip(client, site, trouble)
        else:
            await carry(site.reader, client.writer)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _begin(client: Wire, site: Wire, size: int) -> None:
    """Carry the beginning of an answer; of one that is shorter than that, half."""
    try:
        beginning = await site.reader.readexactly(size)
    except asyncio.IncompleteReadError as error:
        beginning = error.partial[: len(error.partial) // 2]
    client.writer.write(beginning)
    await client.writer.drain()


async def _drip(client: Wire, site: Wire, trouble: Trouble) -> None:
    size = int(trouble.option("bytes"))
    while piece := await site.reader.read(PIECE):
        for start in range(0, len(piece), size):
            client.writer.write(piece[start : start + size])
            await client.writer.drain()
            await asyncio.sleep(trouble.option("seconds"))
