"""Limits as settings write them: `100/minute,1000/hour`, or a number per name: `free:100,pro:1000`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from store.errors import ConfigError
from store.limits.limit import UNITS, Limit


def read_limits(name: str, words: Sequence[str]) -> tuple[Limit, ...]:
    """Read a setting's limits; raise `ConfigError`."""
    limits = []
    for word in words:
        amount, _, unit = word.partition("/")
        if not _is_number(amount) or int(amount) < 1 or unit not in UNITS:
            raise ConfigError(name, f"{word!r} is not a limit", "write for example 100/minute,1000/hour")
        limits.append(Limit(int(amount), UNITS[unit]))
    return tuple(limits)


def read_numbers(name: str, words: Sequence[str], known: Collection[str]) -> Mapping[str, int]:
    """Read a number for each of some names; raise `ConfigError`. What is not named has no limit."""
    numbers = {}
    for word in words:
        key, _, number = word.partition(":")
        if key not in known or not _is_number(number) or int(number) < 1:
            raise ConfigError(
                name, f"{word!r} is not a name with a number", f"write {':100,'.join(known)}:100"
            )
        numbers[key] = int(number)
    return MappingProxyType(numbers)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
