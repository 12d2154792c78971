"""Keys: made once, readable by nobody else, taken up by running processes, never shown."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from store.config import load_config
from store.errors import ConfigError, SecretUnreadable
from store.secrets import KEY_FILE, Keyring

ROOT = Path(__file__).parents[2]
OPEN = """
import sys
from pathlib import Path
from store.secrets import Keyring
print(Keyring(file=Path(sys.argv[1])).ids[0])
"""


def new_key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / KEY_FILE


def test_what_is_encrypted_can_be_read_and_not_recognised(file: Path) -> None:
    keyring = Keyring(file=file)

    sealed, key_id = keyring.encrypt(b"the-value")

    assert keyring.decrypt(sealed) == b"the-value"
    assert b"the-value" not in sealed
    assert key_id == keyring.ids[0]


def test_the_file_is_made_for_its_owner_alone(file: Path) -> None:
    Keyring(file=file)

    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_may_read_is_refused(file: Path) -> None:
    Keyring(file=file)
    file.chmod(0o640)

    with pytest.raises(ConfigError, match=r"others may read it; run: chmod 600 .*secret\.key$"):
        Keyring(file=file)


@pytest.mark.parametrize("content", ["", "# only a comment\n", "not a key\n", "c2hvcnQ=\n"])
def test_a_damaged_file_is_told_without_its_content(file: Path, content: str) -> None:
    file.write_text(content)
    file.chmod(0o600)

    with pytest.raises(ConfigError) as caught:
        Keyring(file=file)

    assert "\n" not in str(caught.value)
    assert not content.strip() or content.strip() not in str(caught.value)


def test_processes_that_start_at_once_share_one_key(file: Path) -> None:
    crowd = [
        subprocess.Popen([sys.executable, "-c", OPEN, str(file)], cwd=ROOT, stdout=subprocess.PIPE)
        for _ in range(4)
    ]

    ids = {process.communicate(timeout=60)[0] for process in crowd}

    assert len(ids) == 1
    assert list(file.parent.iterdir()) == [file]


def test_no_key_is_in_any_representation() -> None:
    keys = [new_key(), new_key()]
    keyring = Keyring(keys)

    shown = f"{keyring!r} {keyring} {keyring._keys!r} {keyring.ids}"

    assert not any(key in shown for key in keys)
    assert keyring.ids[0] in repr(keyring)


def test_a_secret_of_a_missing_key_is_told_so(file: Path) -> None:
    sealed, _ = Keyring([new_key()]).encrypt(b"x")

    with pytest.raises(SecretUnreadable, match=r"its key is not in .*secret\.key; bring it back$"):
        Keyring(file=file).decrypt(sealed)


def test_a_running_process_takes_up_a_new_key_and_reads_old_secrets(file: Path) -> None:
    running, other = Keyring(file=file), Keyring(file=file)
    sealed, old_id = running.encrypt(b"old")

    new_id = other.add_key()

    assert running.ids == (new_id, old_id)
    assert running.encrypt(b"new")[1] == new_id
    assert running.decrypt(sealed) == b"old"
    assert file.stat().st_mode & 0o777 == 0o600


def test_keys_added_at_once_are_all_kept(file: Path) -> None:
    keyrings = [Keyring(file=file) for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(Keyring.add_key, keyrings))

    assert len(set(keyrings[0].ids)) == 9


def test_old_keys_can_be_forgotten(file: Path) -> None:
    keyring = Keyring(file=file)
    sealed, _ = keyring.encrypt(b"x")
    newest = keyring.add_key()

    assert keyring.forget_old_keys() == 1

    assert keyring.ids == (newest,)
    with pytest.raises(SecretUnreadable):
        keyring.decrypt(sealed)


def test_keys_of_the_environment_come_first_and_are_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, older = new_key(), new_key()
    monkeypatch.setenv("SECRET_KEYS", f"{newest}, {older}")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "state"))

    keyring = Keyring.load(load_config(Path("no-such.env")))

    assert keyring.decrypt(Keyring([older]).encrypt(b"x")[0]) == b"x"
    assert keyring.encrypt(b"x")[1] == Keyring([newest]).ids[0]
    assert not (tmp_path / "state" / KEY_FILE).exists()
    with pytest.raises(ConfigError, match="SECRET_KEYS"):
        keyring.add_key()


def test_without_keys_in_the_environment_the_file_in_data_dir_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEYS", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "state"))

    Keyring.load(load_config(Path("no-such.env")))

    assert os.access(tmp_path / "state" / KEY_FILE, os.R_OK)


def test_bad_keys_in_the_environment_are_told_without_them() -> None:
    with pytest.raises(ConfigError) as caught:
        Keyring(["my-bad-key"])

    assert str(caught.value).startswith("SECRET_KEYS: ")
    assert "my-bad-key" not in str(caught.value)
