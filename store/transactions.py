"""One transaction of a writer, tried again when the database asks for it."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from store.engine import unreachable, writing
from store.errors import DatabaseBusy, DatabaseRefused, DatabaseUnreachable, SchemaOutdated, StoreError

logger = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS = 8
FIRST_PAUSE_SECONDS = 0.02
"""Doubles with each attempt: 5 s in all, enough for a server to fail over, short enough for a crawl."""

CONFLICTS = {
    1020,  # MariaDB ≥ 11: the row changed since it was read
    1062,  # another writer inserted the row between our look and our insert
    1205,  # lock wait timeout
    1213,  # deadlock
}
LOST = {1053, 2003, 2006, 2013, 2055, 4031}
"""MySQL's codes of a connection that broke, or a server that is going down."""
REFUSED = {3, 1021, 1036, 1114, 1142, 1290, 1836}
"""MySQL's codes for a full disk, a read-only server and missing rights."""
REFUSED_BY_SQLITE = ("disk is full", "readonly database", "disk I/O error")

TROUBLE = (DBAPIError, DatabaseBusy, DatabaseRefused, DatabaseUnreachable)
"""What the database raises, through a transaction or a mere reading, that may be over when it is asked again."""


def in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work` in one transaction; on a conflict or a lost connection roll back and run it again."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with writing(engine).begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if attempt == ATTEMPTS or not (_is_conflict(error) or _is_lost(error)):
                raise (explain(engine, error, attempt) or error) from error
            logger.debug("Transaction tried again (attempt %d): %s", attempt, error.orig)
        time.sleep(FIRST_PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1))  # noqa: S311  # no secret
    raise AssertionError("unreachable: the last attempt returns or raises")


def explain(engine: Engine, error: DBAPIError, attempts: int = 1) -> StoreError | None:
    """Say what a driver's error means; nothing when it is an error of ours."""
    if _is_conflict(error):
        return DatabaseBusy(attempts, str(error.orig))
    if _is_lost(error):
        return unreachable(engine.url, error)
    if _code(error) in REFUSED or any(words in str(error.orig) for words in REFUSED_BY_SQLITE):
        return DatabaseRefused(engine.url, str(error.orig))
    if _code(error) == 1146 or "no such table" in str(error.orig):
        return SchemaOutdated(None, "the newest")
    return None


def _is_conflict(error: DBAPIError) -> bool:
    busy = "database is locked" in str(error.orig) or "database table is locked" in str(error.orig)
    return busy or _code(error) in CONFLICTS


def _is_lost(error: DBAPIError) -> bool:
    return error.connection_invalidated or _code(error) in LOST


def _code(error: DBAPIError) -> int:
    arguments = getattr(error.orig, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else 0
