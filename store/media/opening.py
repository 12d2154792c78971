"""The store that `MEDIA_STORE` names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine

from store.config import Config
from store.errors import ConfigError
from store.media.folder import FolderStore
from store.media.stores import Store


def open_store(config: Config, engine: Engine) -> Store | None:  # noqa: ARG001  # Drive keeps its sessions there
    """Make it ready; `None` when files stay on this machine. Raise `StoreRefused` when it can't be used."""
    if not config.media_store:
        return None
    parts = urlsplit(config.media_store)
    if parts.scheme != "file":
        raise ConfigError("MEDIA_STORE", f"{parts.scheme}:// is not built in", "use file:///path/of/a/folder")
    store = FolderStore(Path(unquote(parts.path)))
    store.open()
    return store
