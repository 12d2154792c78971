"""Scrapyd as a service with its state under `DATA_DIR`, never without a password (`store.node_credentials`)."""

from __future__ import annotations

import socket
from pathlib import Path

import scrapyd.app
from scrapyd.config import Config as ScrapydConfig
from twisted.application.service import MultiService

from store.config import Config, load_config
from store.node_credentials import ensure_credentials


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
