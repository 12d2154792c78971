"""What the pages' own script signs, checked. The scheme is the stand-in's own; its other half is `scripts/webmssdk.js`.

`X-Bogus` covers the address, `X-Gnarly` that and a number that changes. Both belong to the visitor whose page was
given the key, so nobody else can send them.
"""

from __future__ import annotations

from aiohttp import web

from standin.dice import digest

_PRIME, _FIRST, _SECOND = 16777619, 0x811C9DC5, 0x9E3779B9


def script_key(ttwid: str) -> str:
    """Return the key in a visitor's script."""
    return digest(0, "script key", ttwid).hex()[:24]


def is_signed(request: web.BaseRequest, *, fully: bool) -> bool:
    """Tell whether the visitor's own page signed this; `fully` wants both signatures."""
    ttwid = request.cookies.get("ttwid", "")
    address, _, rest = request.raw_path.partition("&X-Bogus=")
    bogus, _, gnarly = rest.partition("&X-Gnarly=")
    key = script_key(ttwid)
    if not ttwid or bogus.partition("&")[0] != mark(key, address):
        return False
    nonce, _, signature = gnarly.partition(".")
    return not fully or signature == mark(key, f"{nonce}{address}&X-Bogus={bogus}")


def mark(key: str, text: str) -> str:
    """Return the signature of a text."""
    return _hash(key + text, _FIRST) + _hash(text + key, _SECOND)


def _hash(text: str, value: int) -> str:
    for byte in text.encode("latin-1", "replace"):
        value = ((value ^ byte) * _PRIME) & 0xFFFFFFFF
    return f"{value:08x}"
