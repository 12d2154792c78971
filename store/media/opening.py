"""The store that `MEDIA_STORE` names."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine

from store.config import Config
from store.media.drive.catalogue import Catalogue
from store.media.errors import StoreRefused, StoreTrouble
from store.media.folder import FolderStore
from store.media.stores import Store
from store.secrets import Keyring

if TYPE_CHECKING:
    from store.media.drive.client import DriveClient


def open_store(config: Config, engine: Engine) -> Store | None:
    """Make it ready; `None` when files stay on this machine. Raise `StoreRefused` when it can't be used."""
    if not config.media_store:
        return None
    parts = urlsplit(config.media_store)
    store = _drive(parts.netloc, config, engine) if parts.scheme == "drive" else _folder(parts.path)
    store.open()
    return store


def open_folder(config: Config, engine: Engine, folder_id: str) -> Store:
    """Make a folder of Drive ready that somebody names as his own; raise `StoreRefused` when it can't be used."""
    store = _drive(folder_id, replace(config, drive_share=()), engine)
    try:
        store.open()
    except StoreRefused as error:
        told = str(error).replace("MEDIA_STORE", "drive_folder", 1)
        raise StoreRefused(told) from None
    return store


def reach_store(config: Config) -> None:
    """See for a moment whether files can go where `MEDIA_STORE` says; raise `StoreError`."""
    parts = urlsplit(config.media_store)
    if parts.scheme == "drive":
        reach_drive(config)
    else:
        _folder(parts.path).open()


def reach_drive(config: Config) -> None:
    """Ask Drive for the topmost folder, or who we are where media go elsewhere; raise `StoreError` at once."""
    from store.media.drive.opening import open_root  # noqa: PLC0415  # as below
    from store.media.drive.units import Cost  # noqa: PLC0415

    client = _client(config, sleep=_refuse_to_wait)
    try:
        parts = urlsplit(config.media_store)
        if parts.scheme == "drive":
            open_root(client, parts.netloc, ())
        else:
            client.call(lambda service: service.about().get(fields="kind"), Cost.OTHER)
    finally:
        client.close()


def _folder(path: str) -> FolderStore:
    return FolderStore(Path(unquote(path)))


def _refuse_to_wait(_seconds: float) -> None:
    raise StoreTrouble("Drive does not answer at once")


def _client(config: Config, sleep: Callable[[float], None] = time.sleep) -> DriveClient:
    # Google's libraries take a while to import, and most crawls don't need them.
    from store.media.drive.client import DriveClient  # noqa: PLC0415
    from store.media.drive.credentials import load_credentials  # noqa: PLC0415

    return DriveClient(
        load_credentials(config),
        base_url=config.drive_base_url,
        units_per_minute=config.drive_units_per_minute,
        sleep=sleep,
    )


def _drive(folder_id: str, config: Config, engine: Engine) -> Store:
    from store.media.drive.store import DriveStore  # noqa: PLC0415  # as above

    return DriveStore(
        _client(config),
        Catalogue(engine, Keyring.load(config)),
        folder_id,
        chunk_bytes=config.drive_chunk_mb << 20,
        share_with=config.drive_share,
    )
