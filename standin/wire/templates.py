"""Byte templates: a structure is written once as Python data, then filled thousands of times a second.

A string `<<name>>` inside a larger one becomes raw text (ids, hashes: nothing that needs escaping); a whole
string `<<#name>>` becomes any JSON value, already encoded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import orjson

_VALUE_SLOT = re.compile(rb'"<<#(\w+)>>"')
_TEXT_SLOT = re.compile(rb"<<(\w+)>>")


class Template:
    """Bytes with named gaps."""

    def __init__(self, shape: object) -> None:
        text = orjson.dumps(shape).replace(b"%", b"%%")
        self._pattern = _TEXT_SLOT.sub(rb"%(\1)b", _VALUE_SLOT.sub(rb"%(\1)b", text))

    def fill(self, values: Mapping[bytes, bytes]) -> bytes:
        """Return the bytes with every gap filled."""
        return self._pattern % values


def encode(value: Any) -> bytes:
    """Encode as compact JSON; lone surrogates leave as `\\ud83d`, as TikTok sends them."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def decode(body: bytes) -> Any:
    """Read encoded JSON back, lone surrogates included."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return json.loads(body)
