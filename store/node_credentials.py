"""Who may use the crawl nodes of this machine. The nodes ask for it, the worker and people show it.

User and password come from `SCRAPYD_USERNAME` and `SCRAPYD_PASSWORD`; where these are not set, a pair is made
up once and kept in a file that only its owner can read.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from store.config import Config
from store.errors import ConfigError
from store.private_files import ensure_line


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
    username, _, password = ensure_line(path, "crawler:").partition(":")
    if not username or not password:
        # Scrapyd takes an empty password for the wish to have none.
        raise ConfigError("SCRAPYD_PASSWORD", f"{path} is damaged", "delete the file to get a new password")
    return Credentials(username, password)
