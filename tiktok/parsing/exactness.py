"""Which counters are exact, and which are only as TikTok displays them (facts F.1, F.3).

Across all captures of 2020-09 to 2026-07 no `stats` object holds a number that display-rounding could not
have produced, while `statsV2` of lists of 2024-10 and 2025-01 does hold such numbers: those are exact,
whatever their source. The others are exact when small, or when their source is known to be.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tiktok.items import ROUNDED_FROM, display_round

Counters = dict[str, Any]
"""Counters by field name, ready to be an item's keyword arguments; values are `int | None`."""


def exact_names(counters: Mapping[str, int | None], known: Collection[str] = ()) -> frozenset[str]:
    """Names of the counters whose value is exact; `known` names those with an exact source."""
    return frozenset(
        [
            name
            for name, value in counters.items()
            if value is not None and (value < ROUNDED_FROM or name in known or display_round(value) != value)
        ]
    )
