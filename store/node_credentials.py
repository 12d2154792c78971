"""Who may use the crawl nodes of this machine. The nodes ask for it, the worker and people show it.

User and password come from `SCRAPYD_USERNAME` and `SCRAPYD_PASSWORD`; where these are not set, a pair is made
up once and kept in a file that only its owner can read.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import NamedTuple

from store.config import Config
from store.errors import ConfigError

PRIVATE = 0o600
"""File mode: its owner reads and writes, nobody else."""


class Credentials(NamedTuple):
    """What Scrapyd's clients log in with."""

    username: str
    password: str


def credentials_file(config: Config) -> Path:
    """Where user and password stand when the environment does not give them: one line, `user:password`."""
    home = config.make_data_dir() / "scrapyd"
    home.mkdir(exist_ok=True)
    return home / "credentials"


def ensure_credentials(config: Config) -> Credentials:
    """Read who may use the nodes; make it up when nobody has said."""
    if config.scrapyd_username and config.scrapyd_password:
        return Credentials(config.scrapyd_username, config.scrapyd_password)
    path = credentials_file(config)
    if not path.exists():
        _write(path)
    username, _, password = path.read_text().strip().partition(":")
    if not username or not password:
        # Scrapyd takes an empty password for the wish to have none.
        raise ConfigError("SCRAPYD_PASSWORD", f"{path} is damaged", "delete the file to get a new password")
    return Credentials(username, password)


def _write(path: Path) -> None:
    """Put a complete file in place, or leave the one that another process has just put there."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as file:
        file.write(f"crawler:{secrets.token_urlsafe(24)}\n")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
