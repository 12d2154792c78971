"""Profiles by id, for documents that show what a job found."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Engine, Row, Table, select

from store.models.users import UserRow

USERS = cast("Table", UserRow.__table__)


def users_by_id(engine: Engine, ids: Collection[str]) -> dict[str, Row[Any]]:
    """Read profiles; those that are not stored are not in the answer."""
    if not ids:
        return {}
    with engine.connect() as connection:
        return {row.id: row for row in connection.execute(select(USERS).where(USERS.c.id.in_(ids)))}
