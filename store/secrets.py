"""Encryption of what we keep for others: cookies, device ids, proxies' passwords.

Keys come from `SECRET_KEYS`, else from the file `secret.key` in `DATA_DIR`, which is made at need and which only
its owner may read. The first key encrypts, all of them decrypt. A process that runs while the file gets a new
key takes it up with its next use.
"""

from __future__ import annotations

import base64
import fcntl
import hmac
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from store.config import Config
from store.errors import ConfigError, SecretUnreadable

KEY_FILE = "secret.key"
PRIVATE = 0o600
"""File mode: its owner reads and writes, nobody else."""
KEY_ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class _Keys:
    """Keys ready for use, the newest first."""

    ids: tuple[str, ...]
    fernet: MultiFernet = field(repr=False)
    written: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, written: Sequence[str], variable: str) -> Self:
        try:
            fernets = [Fernet(key) for key in written]
        except ValueError:
            raise ConfigError(
                variable, "holds something that is no key", "each is 32 random bytes in URL-safe base64"
            ) from None
        ids = tuple(_key_id(key) for key in written)
        return cls(ids, MultiFernet(fernets), tuple(written))


class Keyring:
    """Encrypts with the newest key, decrypts with any."""

    def __init__(self, keys: Sequence[str] = (), *, file: Path | None = None) -> None:
        """Use these keys, the newest first, or those in `file`, which is made when it is missing."""
        if bool(keys) == bool(file):
            raise ValueError("name either keys or their file")
        self.file = file
        self._version: tuple[int, int] | None = None
        self._keys = _Keys.of(keys, "SECRET_KEYS") if keys else self._read()

    @classmethod
    def load(cls, config: Config) -> Self:
        """The keyring of this installation."""
        if config.secret_keys:
            return cls(config.secret_keys)
        return cls(file=config.make_data_dir() / KEY_FILE)

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._keys.ids)})"

    @property
    def ids(self) -> tuple[str, ...]:
        """Names of the keys, the newest first; they tell nothing of the keys."""
        return self._current().ids

    def encrypt(self, secret: bytes) -> tuple[bytes, str]:
        """Encrypt, and say with which key."""
        keys = self._current()
        return keys.fernet.encrypt(secret), keys.ids[0]

    def decrypt(self, sealed: bytes) -> bytes:
        """Decrypt; raise `SecretUnreadable` when none of the keys fits."""
        try:
            return self._current().fernet.decrypt(sealed)
        except InvalidToken:
            raise SecretUnreadable(self._where()) from None

    def derive(self, purpose: bytes) -> tuple[bytes, ...]:
        """A secret for another purpose from each key, the newest first; it tells nothing of the key."""
        keys = (base64.urlsafe_b64decode(key) for key in self._current().written)
        return tuple(hmac.digest(key, purpose, sha256) for key in keys)

    def add_key(self) -> str:
        """Put a new key in front of the file's; return its name."""
        if not self.file:
            raise ConfigError(
                "SECRET_KEYS",
                "holds the keys, which can't be changed from here",
                "put a new one in front of it",
            )
        with _only_one(self.file):
            keys = [_new_key(), *self._read().written]
            _replace(self.file, keys)
        return self.ids[0]

    def forget_old_keys(self) -> int:
        """Leave only the newest key in the file; return how many went. What they encrypted is lost."""
        if not self.file:
            raise ConfigError("SECRET_KEYS", "holds the keys, which can't be changed from here", "shorten it")
        with _only_one(self.file):
            newest, *old = self._read().written
            _replace(self.file, [newest])
        return len(old)

    def _current(self) -> _Keys:
        if self.file and self._version != _version_of(self.file):
            self._keys = self._read()
        return self._keys

    def _read(self) -> _Keys:
        assert self.file
        _make(self.file)
        status = self.file.stat()
        if status.st_mode & 0o077:
            raise ConfigError(str(self.file), "others may read it", f"run: chmod 600 {self.file}")
        self._version = _version_of(self.file)
        lines = [line.strip() for line in self.file.read_text().splitlines()]
        written = [line for line in lines if line and not line.startswith("#")]
        if not written:
            raise ConfigError(
                str(self.file), "holds no key", "bring back its copy; a new key can't read old secrets"
            )
        return _Keys.of(written, str(self.file))

    def _where(self) -> str:
        return str(self.file or "SECRET_KEYS")


def _key_id(key: str) -> str:
    return sha256(base64.urlsafe_b64decode(key)).hexdigest()[:KEY_ID_LENGTH]


def _new_key() -> str:
    return Fernet.generate_key().decode()


def _version_of(file: Path) -> tuple[int, int] | None:
    """Changes whenever the file is replaced."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def _make(file: Path) -> None:
    """Make the file with a new key, or leave the one that another process has just made."""
    if file.exists():
        return
    draft = _draft(file, [_new_key()])
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _replace(file: Path, keys: Sequence[str]) -> None:
    _draft(file, keys).replace(file)


def _draft(file: Path, keys: Sequence[str]) -> Path:
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as opened:
        opened.write("".join(f"{key}\n" for key in keys))
        opened.flush()
        os.fsync(opened.fileno())
    return draft


@contextmanager
def _only_one(file: Path) -> Iterator[None]:
    """Two processes that add a key at once would lose one of them, with all that it encrypted."""
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
