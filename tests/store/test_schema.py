"""Tables come to be by migrations alone, and these agree with the models on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, event, insert, inspect, text
from sqlalchemy.dialects import mysql

from store.engine import open_engine
from store.errors import SchemaOutdated
from store.models import Base, SoundRow
from store.schema import MIGRATIONS, REVISIONS, check_schema, migrate
from tests.store.factories import NOON

ROOT = Path(__file__).parents[2]
MIGRATE = """
import sys
from store.engine import open_engine
from store.schema import migrate
migrate(open_engine(sys.argv[1]))
"""


@pytest.fixture(params=["sqlite", "mysql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.db'}"
    url: URL = request.getfixturevalue("fresh_mysql_url")
    return url.render_as_string(hide_password=False)


@pytest.fixture
def fresh_engine(fresh_url: str) -> Iterator[Engine]:
    engine = open_engine(fresh_url)
    yield engine
    engine.dispose()


def test_models_and_migrations_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})

        differences = compare_metadata(context, Base.metadata)

    assert differences == []


def test_files_of_migrations_are_named_after_their_revisions() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()

    assert tuple(script.revision for script in scripts)[::-1] == REVISIONS


def test_migrating_twice_changes_nothing(fresh_engine: Engine) -> None:
    migrate(fresh_engine)

    migrate(fresh_engine)

    check_schema(fresh_engine)


def test_many_processes_may_migrate_a_fresh_database_at_once(fresh_url: str, fresh_engine: Engine) -> None:
    crowd = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, fresh_url], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(3)
    ]

    complaints = [process.communicate(timeout=60)[1].decode() for process in crowd]

    assert [process.returncode for process in crowd] == [0] * 3, complaints
    check_schema(fresh_engine)


def test_nobody_sees_a_half_migrated_sqlite_file(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    commits: list[Connection] = []
    event.listen(engine, "commit", commits.append)

    migrate(engine)

    engine.dispose()
    assert len(commits) == 1, "another process may begin after the first, and this one fails then"


def test_missing_tables_are_said_so(fresh_engine: Engine) -> None:
    with pytest.raises(SchemaOutdated, match=r"no tables yet; run: alembic upgrade head$"):
        check_schema(fresh_engine)


def test_tables_of_another_revision_are_said_so(fresh_engine: Engine) -> None:
    migrate(fresh_engine)
    with fresh_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaOutdated, match=r"tables of revision 9999, not \d+; install the version"):
        check_schema(fresh_engine)
    with pytest.raises(SchemaOutdated, match="9999"):
        migrate(fresh_engine)


def test_alembic_works_from_the_command_line_there_and_back(fresh_url: str, tmp_path: Path) -> None:
    environment = os.environ | {"DATABASE_URL": fresh_url, "DATA_DIR": str(tmp_path / "state")}

    for arguments in (["upgrade", "head"], ["check"], ["downgrade", "base"], ["upgrade", "head"]):
        subprocess.run(
            [sys.executable, "-m", "alembic", *arguments],
            cwd=ROOT, env=environment, check=True, capture_output=True, timeout=60,
        )  # fmt: skip

    engine = open_engine(fresh_url)
    check_schema(engine)
    engine.dispose()


def test_mysql_tables_are_utf8mb4_whatever_the_server_defaults_to(mysql_engine: Engine) -> None:
    with mysql_engine.connect() as connection:
        collations = connection.scalars(
            text(
                "SELECT DISTINCT table_collation FROM information_schema.tables"
                " WHERE table_schema = DATABASE() AND table_name <> 'alembic_version'"
            )
        ).all()

    assert collations == ["utf8mb4_bin"]


def test_ids_are_unsigned_eight_byte_integers_on_mysql(mysql_engine: Engine) -> None:
    column = next(c for c in inspect(mysql_engine).get_columns("videos") if c["name"] == "id")

    assert isinstance(column["type"], mysql.BIGINT)
    assert column["type"].unsigned


def test_a_sqlite_id_is_the_row_id(sqlite_engine: Engine) -> None:
    moments = dict.fromkeys(("scraped_at", "first_seen_at", "changed_at"), NOON)

    with sqlite_engine.begin() as connection:
        connection.execute(insert(SoundRow), {"id": "7", "exact_counters": (), **moments})
        found = connection.scalar(text("SELECT rowid FROM sounds"))

    assert found == 7
