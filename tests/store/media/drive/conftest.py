"""Drive stores that lead to the pretend Drive and never really pause, and files to put into them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import md5, sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine

from store.config import Config, load_config
from store.engine import open_engine
from store.media.drive.catalogue import Catalogue
from store.media.drive.client import DriveClient
from store.media.drive.credentials import load_credentials
from store.media.drive.store import DriveStore
from store.media.stores import Piece
from store.models.drive import DRIVE_ITEMS
from store.schema import migrate
from store.secrets import Keyring
from tests.fixtures.drive import RunningDrive
from tiktok.media.wishes import Role

CHUNK = 1 << 20
"""Small chunks make large files of small ones."""
FILM = "TikTok/profile/khaby.lame/2025/01/khaby.lame_7123.mp4"


class Workshop:
    """Makes stores and pieces."""

    def __init__(self, drive: RunningDrive, engine: Engine, folder: Path) -> None:
        self.drive = drive
        self.engine = engine
        self.folder = folder
        self.opened: list[DriveStore] = []
        self.pauses: list[float] = []

    def config(self, kind: str = "user", **variables: str) -> Config:
        """Return settings with a key of the pretend Drive in them."""
        key = self.folder / f"{kind}.json"
        key.write_text(json.dumps(self.drive.key(kind)))
        env = self.folder / "drive.env"
        lines = {"DATA_DIR": str(self.folder), "DRIVE_CREDENTIALS": str(key)} | variables
        env.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
        with pytest.MonkeyPatch.context() as patch:
            for name in ("DATA_DIR", "DRIVE_CREDENTIALS", *variables):
                patch.delenv(name, raising=False)
            config = load_config(env)
            for name in lines:  # what `.env` brought into the environment
                patch.setenv(name, "")
        return config

    def store(self, kind: str = "user", folder_id: str = "root", **options: Any) -> DriveStore:
        """Open a store, as each process does."""
        client = DriveClient(
            load_credentials(self.config(kind, **options.pop("variables", {}))),
            base_url=self.drive.url,
            units_per_minute=10**9,
            sleep=self.pauses.append,
        )
        catalogue = Catalogue(self.engine, Keyring.load(self.config(kind)))
        store = DriveStore(client, catalogue, folder_id, chunk_bytes=CHUNK, **options)
        self.opened.append(store)
        store.open()
        return store

    def piece(self, size: int, path: str = FILM, seed: int = 0, role: Role = Role.VIDEO) -> Piece:
        content = Random(f"{seed} {size}").randbytes(size)  # noqa: S311  # contents, not secrets
        source = self.folder / f"{seed}-{size}.bin"
        source.write_bytes(content)
        return Piece(
            source=source, path=path, video_id="7123", role=role, variant="", bytes=size,
            sha256=sha256(content).hexdigest(), md5=md5(content, usedforsecurity=False).hexdigest(),
            mime_type="video/mp4",
        )  # fmt: skip

    def films(self) -> list[dict[str, Any]]:
        """Return the files that Drive has."""
        return [entry for entry in self.drive.entries() if "size" in entry]

    def folders(self) -> list[str]:
        return [entry["name"] for entry in self.drive.entries() if "size" not in entry]

    def sent_bytes(self) -> int:
        """Return how many bytes of files arrived, also those that were sent again."""
        return sum(one.get("received") or 0 for one in self.drive.log("PUT", "/upload/"))


@pytest.fixture(scope="session")
def kept_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One database for all tests here: making its tables takes longer than most of them."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('drive') / 'test.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def workshop(drive: RunningDrive, kept_engine: Engine, tmp_path: Path) -> Iterator[Workshop]:
    with kept_engine.begin() as connection:
        connection.execute(DRIVE_ITEMS.delete())
    shop = Workshop(drive, kept_engine, tmp_path)
    yield shop
    for store in shop.opened:
        store.close()
