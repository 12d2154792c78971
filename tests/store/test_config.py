"""Settings come from the environment, checked, and each is documented."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from sqlalchemy import make_url

from store import config
from store.config import load_config
from store.errors import ConfigError

ROOT = Path(__file__).parents[2]
NOWHERE = Path("no-such.env")


def read_variables() -> set[str]:
    """Names that `store.config` hands to one of its readers."""
    calls = (node for node in ast.walk(ast.parse(inspect.getsource(config))) if isinstance(node, ast.Call))
    return {
        call.args[1].value
        for call in calls
        if len(call.args) >= 2
        and isinstance(call.args[0], ast.Name)
        and call.args[0].id == "env"
        and isinstance(call.args[1], ast.Constant)
        and isinstance(call.args[1].value, str)
    }


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in read_variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_every_variable_is_documented_and_nothing_else() -> None:
    example = (ROOT / ".env.example").read_text()

    documented = re.findall(r"^(?:# ?)?([A-Z_]+)=", example, re.MULTILINE)

    assert set(documented) == read_variables()
    assert len(documented) == len(set(documented))


def test_every_variable_has_its_effect_written_above() -> None:
    paragraphs = (ROOT / ".env.example").read_text().strip().split("\n\n")[1:]

    assert all(paragraph.startswith("# ") and "=" in paragraph.splitlines()[-1] for paragraph in paragraphs)


def test_no_other_module_reads_the_environment() -> None:
    rooms = ("tiktok", "store", "pipelines", "crawler")
    readers = {
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"os\.(environ\[|environ\.get|getenv)|\bEnv\(\)", path.read_text())
    }

    assert readers == {"store/config.py"}


def test_defaults_need_no_server(tmp_path: Path) -> None:
    loaded = load_config(NOWHERE)

    assert loaded.data_dir == tmp_path / "data"
    assert loaded.database_url == f"sqlite:///{tmp_path / 'data' / 'tiktok.db'}"
    assert loaded.tiktok_base_url == "https://www.tiktok.com"


def test_the_example_file_states_the_defaults(tmp_path: Path) -> None:
    example = tmp_path / ".env"
    example.write_text((ROOT / ".env.example").read_text())

    assert load_config(example) == load_config(NOWHERE)


def test_the_process_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("DATA_DIR=/from/file\nTIKTOK_BASE_URL=http://127.0.0.1:1/\n")
    monkeypatch.setenv("DATA_DIR", "/from/process")

    loaded = load_config()

    assert loaded.data_dir == Path("/from/process")
    assert loaded.tiktok_base_url == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "my database"),
        ("TIKTOK_BASE_URL", "www.tiktok.com"),
        ("TIKTOK_BASE_URL", "ftp://127.0.0.1"),
        ("PROXY_ALGORITHM", "best"),
    ],
)
def test_a_value_that_cant_be_used_is_named_with_its_fix(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError, match=f"^{name}: .*; use ") as caught:
        load_config(NOWHERE)

    assert caught.value.variable == name
    assert "\n" not in str(caught.value)


def test_a_data_dir_that_cant_be_made_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "data"))

    with pytest.raises(
        ConfigError, match=r"DATA_DIR: can't write to .*file/data \(Not a directory\); point it"
    ):
        load_config(NOWHERE).make_data_dir()


def test_the_data_dir_is_made_with_its_parents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "a" / "b"))

    assert load_config(NOWHERE).make_data_dir().is_dir()


def test_a_data_dir_with_signs_of_an_url_in_it_still_gives_a_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "50% off? #1"))

    loaded = load_config(NOWHERE)

    assert make_url(loaded.database_url).database == str(tmp_path / "50% off? #1" / "tiktok.db")


def test_lists_of_secrets_are_read_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MS_TOKENS", " first-token,second-token, ,first-token")
    monkeypatch.setenv("SECRET_KEYS", "newest-key,older-key")
    monkeypatch.setenv("WEBSHARE_API_KEY", "webshare-key")

    loaded = load_config(NOWHERE)

    assert loaded.ms_tokens == ("first-token", "second-token")
    assert loaded.secret_keys == ("newest-key", "older-key")
    assert not [word for word in ("-token", "-key") if word in repr(loaded)]
