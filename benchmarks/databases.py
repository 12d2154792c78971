"""Databases for benchmarks: fresh ones on a server, with our tables."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, make_url, text

from store.engine import open_engine
from store.schema import migrate

MYSQL_URL = os.environ.get("TEST_MYSQL_URL", "mysql+pymysql://root@127.0.0.1:3306/")


@contextmanager
def fresh_database(server_url: str = MYSQL_URL) -> Iterator[Engine]:
    """Make one, dropped afterwards."""
    server, name = open_engine(server_url), f"bench_{secrets.token_hex(6)}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
    engine = open_engine(make_url(server_url).set(database=name))
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name}"))
        server.dispose()
