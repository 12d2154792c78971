"""Connecting works or says in one line why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from store import engine as engine_module
from store.engine import open_engine, writing
from store.errors import DatabaseUnreachable, UnsupportedDatabase


def ask(engine: Engine, question: str) -> object:
    with engine.connect() as connection:
        return connection.scalar(text(question))


def test_sqlite_is_set_up_for_many_readers_and_a_writer(sqlite_engine: Engine) -> None:
    answers = {
        name: ask(sqlite_engine, f"PRAGMA {name}")
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }

    assert answers == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 30_000}


def test_mysql_connections_speak_utf8mb4_and_take_no_gap_locks(mysql_engine: Engine) -> None:
    assert ask(mysql_engine, "SELECT @@character_set_connection") == "utf8mb4"
    assert mysql_engine.dialect.driver == "pymysql"
    with mysql_engine.connect() as connection:
        assert connection.get_isolation_level() == "READ COMMITTED"


@pytest.mark.parametrize("scheme", ["mysql", "mariadb", "mysql+pymysql", "mysql+mysqldb"])
def test_every_name_of_mysql_uses_the_driver_we_ship(scheme: str, mysql_server: Engine) -> None:
    engine = open_engine(mysql_server.url.set(drivername=scheme))

    assert engine.url.drivername == "mysql+pymysql"
    engine.dispose()


def test_an_unreachable_server_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        open_engine("mysql://maya:s3cret@127.0.0.1:1/tiktok")

    assert "s3cret" not in str(caught.value)
    assert "mysql+pymysql://maya:***@127.0.0.1:1/tiktok" in str(caught.value)
    assert str(caught.value).endswith("check host and port in DATABASE_URL, and that the server runs")


def test_a_missing_database_comes_with_the_command_that_makes_it(mysql_server: Engine) -> None:
    with pytest.raises(DatabaseUnreachable, match=r"CREATE DATABASE `no_such_one` CHARACTER SET utf8mb4$"):
        open_engine(mysql_server.url.set(database="no_such_one"))


def test_wrong_credentials_are_said_so(mysql_server: Engine) -> None:
    with pytest.raises(DatabaseUnreachable, match="check user and password"):
        open_engine(mysql_server.url.set(username="nobody_here", password="wrong"))


def test_a_sqlite_path_that_cant_be_opened_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable, match="check that the path in DATABASE_URL is a file"):
        open_engine(f"sqlite:///{tmp_path / 'missing' / 'x.db'}")


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("this is a text of more than sixteen bytes" * 100)

    with pytest.raises(DatabaseUnreachable, match="not a database"):
        open_engine(f"sqlite:///{tmp_path / 'x.db'}")


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1/x", "nonsense"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(UnsupportedDatabase):
        open_engine(url)


@pytest.mark.parametrize("oldest", ["SQLITE_OLDEST", "MARIADB_OLDEST", "MYSQL_OLDEST"])
def test_old_versions_are_refused(oldest: str, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    is_mariadb = getattr(engine.dialect, "is_mariadb", False)
    served = "SQLITE" if engine.dialect.name == "sqlite" else "MARIADB" if is_mariadb else "MYSQL"
    monkeypatch.setattr(engine_module, oldest, (99, 0, 0))

    if oldest == f"{served}_OLDEST":
        with pytest.raises(UnsupportedDatabase, match=r"is too old; use \w+ 99\.0\.0 or newer"):
            open_engine(engine.url)
    else:
        open_engine(engine.url).dispose()


def test_a_writer_holds_the_lock_from_its_start(sqlite_engine: Engine) -> None:
    impatient = create_engine(sqlite_engine.url, connect_args={"timeout": 0, "isolation_level": None})

    with (
        writing(sqlite_engine).begin(),
        impatient.connect() as other,
        pytest.raises(OperationalError, match="locked"),
    ):
        other.exec_driver_sql("BEGIN IMMEDIATE")

    impatient.dispose()


def test_the_url_may_be_an_object(tmp_path: Path) -> None:
    engine = open_engine(URL.create("sqlite", database=str(tmp_path / "x.db")))

    assert ask(engine, "SELECT 1") == 1
    engine.dispose()


def test_the_connection_used_last_is_used_next_so_that_one_page_cache_serves_a_crawl(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect(), engine.connect() as given_back_first:
        idle = given_back_first.connection.dbapi_connection

    used = []
    for _ in range(3):
        with engine.connect() as connection:
            used.append(connection.connection.dbapi_connection)

    assert used == [used[0]] * 3
    assert used[0] is not idle
    engine.dispose()
