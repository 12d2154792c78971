"""How many rows a list has in all, without counting a million of them for every reader."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sqlalchemy import Engine, Select

from store.queries.memory import memory_of

FEW = 2_000
"""So many rows are sorted faster than a list of a million, walked in its order, is searched for them."""


def total_of(engine: Engine, key: Hashable, count: Select[Any]) -> int:
    """Count by a statement; of a long list remember what it gave a moment ago. The key says which list it is."""

    def find() -> int:
        with engine.connect() as connection:
            return connection.scalar(count) or 0

    return memory_of(engine).recall(("total", key), find, int)
