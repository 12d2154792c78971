"""Scrapyd as a service with its state under `DATA_DIR`, never without a password.

User and password come from `SCRAPYD_USERNAME` and `SCRAPYD_PASSWORD`; where these are not set, a pair is made
up once and kept in a file that only its owner can read.
"""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

import scrapyd.app
from scrapyd.config import Config as ScrapydConfig
from twisted.application.service import MultiService

from store.config import Config, load_config
from store.errors import ConfigError

PRIVATE = 0o600
"""File mode: its owner reads and writes, nobody else."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What Scrapyd's clients log in with."""

    username: str
    password: str


def application(scrapyd_config: ScrapydConfig) -> MultiService:
    """Make the service that `python -m scrapyd` runs."""
    config = load_config()
    home = node_home(config)
    credentials = ensure_credentials(config)
    options = {
        "http_port": str(config.scrapyd_port),
        "node_name": node_name(config),
        "max_proc": str(config.scrapyd_max_proc),
        "username": credentials.username,
        "password": credentials.password,
        "dbs_dir": str(home / "queue"),
        "logs_dir": str(home / "logs"),
        "eggs_dir": str(home / "eggs"),
    }
    for name, value in options.items():
        # "%" would start a reference to another option.
        scrapyd_config.cp.set(ScrapydConfig.SECTION, name, value.replace("%", "%%"))
    # Scrapy wants this name for the project, Scrapyd would list it as a second one.
    scrapyd_config.cp.remove_option("settings", "default")
    service: MultiService = scrapyd.app.application(scrapyd_config)
    return service


def node_home(config: Config) -> Path:
    """Where this node keeps its queue and its logs: apart from those of the machine's other nodes."""
    home = config.make_data_dir() / "scrapyd" / str(config.scrapyd_port)
    home.mkdir(parents=True, exist_ok=True)
    return home


def node_name(config: Config) -> str:
    """What the node calls itself in its answers."""
    return f"{socket.gethostname()}:{config.scrapyd_port}"


def credentials_file(config: Config) -> Path:
    """Where user and password stand when the environment does not give them: one line, `user:password`."""
    return node_home(config).with_name("credentials")


def ensure_credentials(config: Config) -> Credentials:
    """Read who may use this node; make it up when nobody has said."""
    if config.scrapyd_username and config.scrapyd_password:
        return Credentials(config.scrapyd_username, config.scrapyd_password)
    path = credentials_file(config)
    if not path.exists():
        _write_credentials(path)
    username, _, password = path.read_text().strip().partition(":")
    if not username or not password:
        # Scrapyd takes an empty password for the wish to have none.
        raise ConfigError("SCRAPYD_PASSWORD", f"{path} is damaged", "delete the file to get a new password")
    return Credentials(username, password)


def _write_credentials(path: Path) -> None:
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
