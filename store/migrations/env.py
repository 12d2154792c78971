"""Alembic's entry: over the connection that `store.schema` hands in, else over DATABASE_URL."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from store.config import load_config
from store.engine import open_engine, writing
from store.models import Base


def run(connection: Connection) -> None:
    """Run what the command asked for, in one transaction where the database can."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        # Else Alembic commits after each revision on SQLite, and another process starts in between.
        transactional_ddl=True if connection.dialect.name == "sqlite" else None,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_from_command_line() -> None:
    """`alembic upgrade head` and the like."""
    config = load_config()
    config.make_data_dir()
    engine = open_engine(config.database_url)
    with writing(engine).begin() as connection:
        run(connection)
    engine.dispose()


if given := context.config.attributes.get("connection"):
    run(given)
else:
    run_from_command_line()
