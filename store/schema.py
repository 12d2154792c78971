"""Are the tables there and of this code's revision; and the way to make it so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from store.engine import is_mysql, unreachable, writing
from store.errors import DatabaseBusy, SchemaOutdated

MIGRATIONS = Path(__file__).parent / "migrations"
REVISIONS = tuple(sorted(file.name[1:5] for file in (MIGRATIONS / "versions").glob("r[0-9]*_*.py")))
"""All there are, the oldest first: a migration's file is named after its revision."""
LOCK_SECONDS = 120
"""How long to wait for another process that migrates the same database."""


def migrate(engine: Engine) -> None:
    """Bring the tables up to date. Any number of processes may do so at once: one works, the others wait."""
    if not _is_behind(engine):
        return
    try:
        with writing(engine).connect() as connection, _only_one(connection):
            _upgrade(connection)
            connection.commit()
    except DBAPIError as error:
        raise unreachable(engine.url, error) from error


def check_schema(engine: Engine) -> None:
    """Raise `SchemaOutdated` unless the tables are of this code's revision."""
    if _is_behind(engine):
        raise SchemaOutdated(_revision(engine), REVISIONS[-1])


def _is_behind(engine: Engine) -> bool:
    found, expected = _revision(engine), REVISIONS[-1]
    if found is not None and found not in REVISIONS:
        raise SchemaOutdated(found, expected, is_newer=True)
    return found != expected


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def _upgrade(connection: Connection) -> None:
    # Every crawl looks whether the tables are there, and hardly one has to make them: Alembic takes long to import.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def _only_one(connection: Connection) -> Iterator[None]:
    """Keep others out. SQLite's write lock does it; MySQL commits at each CREATE and needs a named lock."""
    if not is_mysql(connection):
        yield
        return
    # Names of locks span the whole server and hold up to 64 characters.
    name = f"tiktok-migrate:{connection.engine.url.database}"[:64]
    if not connection.scalar(
        text("SELECT GET_LOCK(:name, :seconds)"), {"name": name, "seconds": LOCK_SECONDS}
    ):
        raise DatabaseBusy(1, "another process migrates it")
    try:
        yield
    finally:
        connection.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": name})
