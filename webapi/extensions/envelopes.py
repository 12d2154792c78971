"""How each family says what went wrong: an envelope per path, found by the longest prefix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, before a family puts it in its words."""

    status: int
    message: str
    details: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    """What a family tells beside its usual fields."""
    is_database: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)
    """What is wrong with which field: marshmallow's messages, by where the request held it."""
    cause: str | None = None
    """The error itself, where `DEBUG` is on."""


Envelope = Callable[[Problem], dict[str, Any]]

_ENVELOPES: dict[str, Envelope] = {}


def use_envelope(prefix: str, envelope: Envelope) -> None:
    """Put what goes wrong below a path into this envelope."""
    _ENVELOPES[prefix] = envelope


def envelope_for(path: str) -> Envelope:
    """Find the family's envelope; all that belongs to none has that of the prefix `/`."""
    fitting = [prefix for prefix in _ENVELOPES if f"{path}/".startswith(f"{prefix.rstrip('/')}/")]
    return _ENVELOPES[max(fitting, key=len)]
