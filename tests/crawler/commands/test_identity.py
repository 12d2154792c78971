"""`scrapy identity` as an operator uses it: what it says, with which exit code, and what it never says."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.cmdline import execute
from scrapy.settings import Settings

from store.config import load_config
from store.engine import open_engine
from store.identities import Identity, IdentityBook
from store.secrets import Keyring

ROOT = Path(__file__).parents[3]
SECRET = "S3cretValue"
FUTURE = int((datetime.now(UTC) + timedelta(days=100, hours=1)).timestamp())

Run = Callable[..., "Result"]


class Result:
    """What a command came to."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def said(self) -> str:
        return self.out + self.err


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database: Path) -> Path:
    """A directory of its own for each test, with migrated tables."""
    home = tmp_path / "state"
    home.mkdir()
    (home / "tiktok.db").write_bytes(empty_database.read_bytes())
    for name in ("DATABASE_URL", "SECRET_KEYS", "ENABLE_PROXY", "PROXY_LIST", "MS_TOKENS", "TIKTOK_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(home))
    monkeypatch.setenv(
        "SCRAPY_SETTINGS_MODULE", "crawler.settings"
    )  # as scrapy.cfg says at the project's root
    monkeypatch.chdir(tmp_path)
    return home


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `scrapy identity …` in this process."""

    def identity(*arguments: str) -> Result:
        settings = Settings({"COMMANDS_MODULE": "crawler.commands", "BOT_NAME": "tiktok"})
        with pytest.raises(SystemExit) as ended:
            execute(["scrapy", "identity", *arguments], settings)
        out, err = capsys.readouterr()
        code = ended.value.code
        return Result(code if isinstance(code, int) else 1, out, err)

    return identity


def identities() -> list[Identity]:
    config = load_config()
    engine = open_engine(config.database_url)
    book = IdentityBook(engine, Keyring.load(config))
    now = datetime.now(UTC)
    found = [book.get(status.id, now) for status in book.list_identities(now) if status.state != "retired"]
    engine.dispose()
    return found


def write_export(path: Path, **more: object) -> Path:
    rows = [
        {"name": name, "value": f"{SECRET}-{name}", "domain": ".tiktok.com", "expirationDate": FUTURE} | more
        for name in ("sessionid", "sid_tt", "ttwid", "_ga")
    ]
    path.write_text(json.dumps(rows))
    return path


def test_an_import_says_what_was_taken_refused_and_is_missing(run: Run, tmp_path: Path) -> None:
    result = run("import", str(write_export(tmp_path / "main.json")), "--user-agent", "Firefox/140")

    assert result.code == 0, result.said
    assert "Cookie-Editor JSON: 3 cookies imported as identity 1, main" in result.out
    assert "Refused: _ga is not a cookie that TikTok's site needs" in result.out
    assert "Warning: no msToken" in result.out
    assert "--user-agent" not in result.out
    rows = [line.split() for line in result.out.splitlines()]
    assert ["sessionid", "present", f"{datetime.fromtimestamp(FUTURE, UTC):%Y-%m-%d}", "100"] in rows
    assert ["msToken", "missing", "—", "—"] in rows
    (account,) = identities()
    assert (account.label, account.device.user_agent, account.is_logged_in) == ("main", "Firefox/140", True)


def test_standard_input_is_read_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(f"Cookie: ttwid={SECRET}; store-country-code=de".encode()))
    monkeypatch.setattr(sys, "stdin", stdin)

    result = run("import", "-", "--label", "guest of mine")

    assert result.code == 0, result.said
    (account,) = identities()
    assert (account.label, account.is_logged_in, account.device.region) == ("guest of mine", False, "DE")


def test_a_second_import_of_a_label_takes_the_place_of_the_first(run: Run, tmp_path: Path) -> None:
    run("import", str(write_export(tmp_path / "main.json")))

    result = run("import", str(write_export(tmp_path / "main.json", value="other")))

    assert "took the place of the older ones of identity 1, main" in result.out
    (account,) = identities()
    assert {cookie.value for cookie in account.cookies} == {"other"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (f"{SECRET}", "none of the four formats"),
        (f"[{SECRET}", "broken JSON"),
        ("", "it is empty"),
        (f"_ga={SECRET}", "none of sessionid, sid_tt, msToken, tt_csrf_token, ttwid can be used"),
        ("x" * 1_100_000, "larger than 1 MB"),
    ],
)
def test_what_cant_be_used_is_refused_in_one_line(
    run: Run, tmp_path: Path, content: str, problem: str
) -> None:
    file = tmp_path / "cookies.txt"
    file.write_text(content)

    result = run("import", str(file))

    assert result.code == 2
    assert problem in result.err
    assert result.err.startswith("scrapy identity: ")
    assert result.err.count("\n") == 1
    assert SECRET not in result.said
    assert identities() == []


def test_expired_cookies_are_refused_one_by_one(run: Run, tmp_path: Path) -> None:
    result = run("import", str(write_export(tmp_path / "old.json", expirationDate=1_600_000_000)))

    assert result.code == 2
    assert "Refused: sessionid expired on 2020-09-13" in result.out
    assert "nothing was imported" in result.err


def test_a_long_list_of_refusals_is_cut(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cookies.txt"
    file.write_text("ttwid=a; " + "; ".join(f"x{number}=1" for number in range(50)))

    result = run("import", str(file))

    assert result.out.count("Refused: ") == 21
    assert "Refused: 30 more" in result.out


def test_an_identity_can_be_bound_to_a_proxy_by_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxies = tmp_path / "proxies.txt"
    proxies.write_text(f"http://user:{SECRET}@10.0.0.1:80\nhttp://user:{SECRET}@10.0.0.2:80\n")
    monkeypatch.setenv("ENABLE_PROXY", "true")
    monkeypatch.setenv("PROXY_LIST", str(proxies))
    export = str(write_export(tmp_path / "main.json"))

    result = run("import", export, "--exit", "10.0.0.2:80")
    listed = run("list")
    moved = run("import", export, "--exit", "10.0.0.1:80")
    unknown = run("import", export, "--exit", "10.0.0.3:80")

    assert result.code == 0, result.said
    assert "http://10.0.0.2:80~" in listed.out
    assert "Warning: it keeps the exit" in moved.out
    assert unknown.code == 2
    assert "is called 10.0.0.3:80" in unknown.err
    assert SECRET not in result.said + listed.said + unknown.said


def test_proxies_that_cant_be_looked_up_are_warned_of(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENABLE_PROXY", "true")
    monkeypatch.setenv("PROXY_LIST", str(tmp_path / "missing.txt"))

    result = run("import", str(write_export(tmp_path / "main.json")))

    assert "Warning: The proxy list" in result.out
    assert result.code == 2
    assert "No exit is usable at present; name one with --exit" in result.err


def test_the_list_shows_the_critical_five_and_no_value(run: Run, tmp_path: Path) -> None:
    assert "0 identities" in run("list").out
    run("import", str(write_export(tmp_path / "main.json")))

    result = run("list")

    heading, _, line = result.out.splitlines()[1:4]
    assert heading.split() == [
        "id", "label", "kind", "state", "health", "exit",
        "sessionid", "sid_tt", "msToken", "tt_csrf_token", "ttwid", "ends",
    ]  # fmt: skip
    assert line.split()[:7] == ["1", "main", "account,", "logged", "in", "ready", "100"]
    assert line.split()[7:] == [
        "direct", "100", "d", "100", "d", "—", "—", "100", "d", f"{datetime.fromtimestamp(FUTURE, UTC):%Y-%m-%d}",
    ]  # fmt: skip
    assert SECRET not in result.said


def test_a_label_is_shown_as_it_is_and_not_as_markup(run: Run, tmp_path: Path) -> None:
    run("import", str(write_export(tmp_path / "main.json")), "--label", "[red]x[/red]")

    assert "[red]x[/red]" in run("list").out


def test_a_retired_identity_leaves_the_list(run: Run, tmp_path: Path) -> None:
    run("import", str(write_export(tmp_path / "main.json")))

    assert run("retire", "1").code == 0

    assert "0 identities, and 1 retired" in run("list").out
    assert run("retire", "1").code == 2


def test_the_key_is_renewed_and_the_old_one_forgotten_when_asked(
    run: Run, tmp_path: Path, state: Path
) -> None:
    run("import", str(write_export(tmp_path / "main.json")))
    key_file = state / "secret.key"
    first = key_file.read_text()

    result = run("rotate-key")
    assert result.code == 0, result.said
    assert "1 secrets are under the key" in result.out
    assert len(key_file.read_text().split()) == 2
    assert first in key_file.read_text()
    forgetting = run("rotate-key", "--forget-old")

    assert "2 older keys are gone" in forgetting.out
    assert len(key_file.read_text().split()) == 1
    assert next(cookie.value for cookie in identities()[0].cookies).startswith(SECRET)
    assert not [key for key in key_file.read_text().split() if key in result.said + forgetting.said]


def test_a_missing_key_shows_in_the_list(run: Run, tmp_path: Path, state: Path) -> None:
    run("import", str(write_export(tmp_path / "main.json")))
    (state / "secret.key").unlink()

    assert "unreadable: its key is not here" in run("list").out


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["frobnicate"], ["import"], ["import", "a", "b"], ["list", "x"], ["retire"], ["retire", "x"],
        ["retire", "-1"], ["retire", "9" * 30], ["rotate-key", "x"], ["list", "--no-such-option"],
    ],
)  # fmt: skip
def test_wrong_usage_is_told_with_code_2(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)

    assert result.code == 2
    assert result.said.strip()
    assert "Traceback" not in result.said


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cant_be_read_is_told(run: Run, name: str) -> None:
    result = run("import", name)

    assert result.code == 2
    assert "name a file with cookies" in result.err


def test_help_explains_every_action(run: Run) -> None:
    result = run("--help")

    assert result.code == 0
    assert all(
        word in result.out for word in ("import FILE", "list", "rotate-key", "retire ID", "--user-agent")
    )


def test_it_runs_as_a_command_of_the_project(state: Path, tmp_path: Path) -> None:
    export = write_export(tmp_path / "main.json")
    environment = os.environ | {"DATA_DIR": str(state), "LOG_LEVEL": "DEBUG"}

    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "identity", "import", str(export)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "imported as identity 1, main" in done.stdout
    assert SECRET not in done.stdout + done.stderr
    dump = b"".join(file.read_bytes() for file in state.iterdir())
    assert SECRET.encode() not in dump
