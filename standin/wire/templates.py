"""Byte templates: a structure is written once as Python data, then filled thousands of times a second.

A string `<<name>>` inside a larger one becomes raw text (ids, hashes: nothing that needs escaping); a whole
string `<<#name>>` becomes any JSON value, already encoded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import orjson

_SLOT = re.compile(r'"<<#(\w+)>>"|<<(\w+)>>')


class Template:
    """Bytes with named gaps. Filling is one lookup per gap and one join."""

    def __init__(self, pieces: Sequence[bytes], names: Sequence[str]) -> None:
        self._pieces = pieces
        self._names = names
        self._pick = itemgetter(*names)
        self._length = len(pieces) + len(names)

    @classmethod
    def of(cls, shape: object) -> Template:
        """Read the gaps of a structure; it has two or more."""
        split = _SLOT.split(orjson.dumps(shape).decode())
        names = [value or text for value, text in zip(split[1::3], split[2::3], strict=True)]
        return cls([piece.encode() for piece in split[::3]], names)

    def fill(self, values: Mapping[str, bytes]) -> bytes:
        """Return the bytes with every gap filled."""
        parts = [b""] * self._length
        parts[::2] = self._pieces
        parts[1::2] = self._pick(values)
        return b"".join(parts)

    def fill_some(self, values: Mapping[str, bytes]) -> Template:
        """Return a template in which these gaps are already filled."""
        pieces, names = [self._pieces[0]], []
        for name, piece in zip(self._names, self._pieces[1:], strict=True):
            if name in values:
                pieces[-1] += values[name] + piece
            else:
                names.append(name)
                pieces.append(piece)
        return Template(pieces, names)


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
