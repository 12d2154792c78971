"""The way to the database: `open_engine` connects and checks, `migrate` brings the tables up to date."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from store.errors import DatabaseUnreachable, UnsupportedDatabase

MYSQL_OLDEST = (8, 0, 0)
MARIADB_OLDEST = (10, 6, 0)
SQLITE_OLDEST = (3, 35, 0)
"""First with RETURNING, which leases need; upserts and WITHOUT ROWID are older."""

BUSY_SECONDS = 30
"""How long a SQLite writer waits for another; a batch takes about 0.1 s, so this means trouble."""
CONNECT_SECONDS = 10
WAL_ATTEMPTS = 100
"""Tries, 20 ms apart, to switch a fresh file to WAL: SQLite doesn't wait for its lock here."""


def open_engine(url: str | URL) -> Engine:
    """Connect to SQLite, MySQL or MariaDB; raise a `StoreError` that says how to mend what is wrong."""
    url = _with_driver(url)
    engine = _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _mysql_engine(url)
    try:
        with engine.connect() as connection:
            _check_version(connection)
    except DBAPIError as error:
        engine.dispose()
        raise unreachable(url, error) from error
    except UnsupportedDatabase:
        engine.dispose()
        raise
    return engine


def is_mysql(engine_or_connection: Engine | Connection) -> bool:
    """Tell MySQL and MariaDB from SQLite."""
    return engine_or_connection.dialect.name in ("mysql", "mariadb")


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write: SQLite then takes its write lock at the start.

    One that reads first and writes later fails at once ("database is locked") when another one wrote in
    between, whatever the busy timeout says.
    """
    return engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")


def unreachable(url: URL, error: DBAPIError) -> DatabaseUnreachable:
    """Say what a failed connection means."""
    code, problem = _cause(error)
    fixes = {
        1044: "grant the user rights on this database",
        1045: "check user and password in DATABASE_URL",
        1049: f"create it: CREATE DATABASE `{url.database}` CHARACTER SET utf8mb4",
        1698: "check user and password in DATABASE_URL",
        2003: "check host and port in DATABASE_URL, and that the server runs",
    }
    default = "check the server and DATABASE_URL"
    if url.get_backend_name() == "sqlite":
        default = "check that the path in DATABASE_URL is a file in a directory you may write to"
    return DatabaseUnreachable(url, problem, fixes.get(code, default))


def _cause(error: DBAPIError) -> tuple[int, str]:
    arguments: tuple[Any, ...] = getattr(error.orig, "args", ())
    if len(arguments) >= 2 and isinstance(arguments[0], int):
        return arguments[0], str(arguments[1])
    return 0, str(error.orig)


def _with_driver(url: str | URL) -> URL:
    try:
        url = make_url(url)
        backend = url.get_backend_name()
    except ArgumentError as error:
        raise UnsupportedDatabase(
            "DATABASE_URL is not a database URL; use sqlite:///… or mysql://…"
        ) from error
    if backend in ("mysql", "mariadb"):
        return url.set(drivername="mysql+pymysql")
    if backend == "sqlite":
        return url.set(drivername="sqlite+pysqlite")
    raise UnsupportedDatabase(f"DATABASE_URL names {backend!r}; use SQLite, MySQL ≥ 8 or MariaDB ≥ 10.6")


def _mysql_engine(url: URL) -> Engine:
    return create_engine(
        url,
        connect_args={"charset": "utf8mb4", "connect_timeout": CONNECT_SECONDS},
        # No gap locks: two writers that insert beside each other would wait for one another in a circle.
        isolation_level="READ COMMITTED",
        paramstyle="format",  # positional: rows may be handed to the driver as plain tuples
        pool_pre_ping=True,
        pool_recycle=3600,
    )


def _sqlite_engine(url: URL) -> Engine:
    # isolation_level None: the driver leaves BEGIN to us (it would not begin before DDL or a SELECT).
    # The connection used last is used next: in turn, each would fill a page cache of its own.
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None}, pool_use_lifo=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    # 8 MiB of page cache: the indexes of a big table are hit at random, and a long crawl stays below 200 MB.
    connection.execute("PRAGMA cache_size = -8192")
    _switch_to_wal(connection)
    # Every 32 MB of log instead of every 4: 500 posts write 3, and each checkpoint waits for the disk.
    connection.execute("PRAGMA wal_autocheckpoint = 8000")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    for attempt in range(1, WAL_ATTEMPTS + 1):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == WAL_ATTEMPTS:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


def _check_version(connection: Connection) -> None:
    dialect = connection.dialect
    found: tuple[int, ...] = tuple(
        part for part in dialect.server_version_info or () if isinstance(part, int)
    )
    name, oldest = "SQLite", SQLITE_OLDEST
    if is_mysql(connection):
        is_mariadb = getattr(dialect, "is_mariadb", False)
        name, oldest = ("MariaDB", MARIADB_OLDEST) if is_mariadb else ("MySQL", MYSQL_OLDEST)
    if found[:3] < oldest:
        version, wanted = (".".join(map(str, parts)) for parts in (found, oldest))
        raise UnsupportedDatabase(f"{name} {version} is too old; use {name} {wanted} or newer")
