"""Profiles: by id, by name, and lists of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Engine, Row, Table, func, select

from store.models.users import UserRow
from store.queries.pages import Order, Page, Window
from store.queries.totals import FEW, total_of

USERS = cast("Table", UserRow.__table__)
SORTS = {"followers": "followers", "videos": "total_videos", "username": "username"}
"""Word of a list's reader → column."""


def users_by_id(engine: Engine, ids: Collection[str]) -> dict[str, Row[Any]]:
    """Read profiles; those that are not stored are not in the answer."""
    if not ids:
        return {}
    with engine.connect() as connection:
        return {row.id: row for row in connection.execute(select(USERS).where(USERS.c.id.in_(ids)))}


def list_users(
    engine: Engine, min_followers: int | None, sort: str, window: Window, *, descending: bool
) -> Page[Row[Any]]:
    """Read a page of profiles; equal ones in the order of their ids."""
    conditions = [] if min_followers is None else [USERS.c.followers >= min_followers]
    total = total_of(
        engine, ("users", min_followers), select(func.count()).select_from(USERS).where(*conditions)
    )
    rows = select(USERS)
    if conditions and total <= FEW:
        # Else SQLite may walk the whole list in its order to find even very few.
        rows = rows.where(USERS.c.id.in_(select(USERS.c.id).where(*conditions)))
    else:
        rows = rows.where(*conditions)
    with engine.connect() as connection:
        return Order(USERS.c.id, USERS.c[SORTS[sort]], descending).page(connection, rows, window, total)


def user_by_name(engine: Engine, username: str) -> Row[Any] | None:
    """Read the profile that was last seen under a name; another one may have had it before."""
    named = select(USERS).where(USERS.c.username == username).order_by(USERS.c.scraped_at.desc()).limit(1)
    with engine.connect() as connection:
        return connection.execute(named).one_or_none()
