"""How the live service of this machine is reached: its address, and the secret that its callers share with it.

The secret is `LIVE_SECRET`; where that is not set, one is made up once and kept in a file that only its owner can
read.
"""

from __future__ import annotations

from pathlib import Path

from store.config import Config
from store.errors import ConfigError
from store.private_files import ensure_line

SHORTEST = 16


def live_url(config: Config) -> str:
    """Where it listens: on this machine only."""
    return f"http://127.0.0.1:{config.live_port}"


def live_secret_file(config: Config) -> Path:
    """Where the secret stands when the environment does not give it."""
    return config.make_data_dir() / "live-secret"


def ensure_live_secret(config: Config) -> str:
    """Read the secret; make one up when nobody has."""
    if config.live_secret:
        return config.live_secret
    path = live_secret_file(config)
    secret = ensure_line(path)
    if len(secret) < SHORTEST:
        raise ConfigError("LIVE_SECRET", f"{path} is damaged", "delete the file to get a new secret")
    return secret
