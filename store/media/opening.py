"""The store that `MEDIA_STORE` names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine

from store.config import Config
from store.media.drive.catalogue import Catalogue
from store.media.folder import FolderStore
from store.media.stores import Store
from store.secrets import Keyring


def open_store(config: Config, engine: Engine) -> Store | None:
    """Make it ready; `None` when files stay on this machine. Raise `StoreRefused` when it can't be used."""
    if not config.media_store:
        return None
    parts = urlsplit(config.media_store)
    is_drive = parts.scheme == "drive"
    store = _drive(parts.netloc, config, engine) if is_drive else FolderStore(Path(unquote(parts.path)))
    store.open()
    return store


def _drive(folder_id: str, config: Config, engine: Engine) -> Store:
    # Google's libraries take a while to import, and most crawls don't need them.
    from store.media.drive.client import DriveClient  # noqa: PLC0415
    from store.media.drive.credentials import load_credentials  # noqa: PLC0415
    from store.media.drive.store import DriveStore  # noqa: PLC0415

    client = DriveClient(
        load_credentials(config),
        base_url=config.drive_base_url,
        units_per_minute=config.drive_units_per_minute,
    )
    return DriveStore(
        client,
        Catalogue(engine, Keyring.load(config)),
        folder_id,
        chunk_bytes=config.drive_chunk_mb << 20,
        share_with=config.drive_share,
    )
