"""Chance that repeats: the same name under the same seed always gives the same numbers, on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from struct import Struct
from typing import TypeVar

T = TypeVar("T")
_WORDS = Struct("<16I")


def digest(seed: int, *name: object) -> bytes:
    """Return 64 bytes that belong to this name."""
    return blake2b(f"{seed}|{name}".encode()).digest()


def draw(seed: int, *name: object) -> tuple[int, ...]:
    """Return sixteen numbers below 2^32 that belong to this name."""
    return _WORDS.unpack(digest(seed, *name))


def words_of(drawn: bytes) -> tuple[int, ...]:
    """Read a digest as the sixteen numbers that `draw` would give."""
    return _WORDS.unpack(drawn)


def pick(choices: Sequence[T], word: int) -> T:
    """Choose one by a drawn number."""
    return choices[word % len(choices)]


def magnitude(word: int, least: int, most: int) -> int:
    """Turn a drawn number into a count whose order of magnitude is spread evenly.

    Integers only, so that no processor's rounding can change the population.
    """
    exponent = least + (word >> 16) % (most - least + 1)
    return (100 + word % 900) * int(10**exponent) // 100
