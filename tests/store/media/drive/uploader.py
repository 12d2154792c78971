"""A process that stores files in Drive and says when it is done: `python -m tests.store.media.drive.uploader JSON`."""

from __future__ import annotations

import json
import sys
from hashlib import md5, sha256
from pathlib import Path

from store.config import load_config
from store.engine import open_engine
from store.media.drive.catalogue import Catalogue
from store.media.drive.client import DriveClient
from store.media.drive.credentials import load_credentials
from store.media.drive.store import DriveStore
from store.media.stores import Piece
from store.secrets import Keyring
from tiktok.media.wishes import Role

CHUNK = 1 << 20


def main(order: dict[str, str]) -> None:
    """Store all files of a folder under their names, or make folders."""
    config = load_config(Path(order["env"]))
    client = DriveClient(load_credentials(config), base_url=order["url"], units_per_minute=10**9)
    catalogue = Catalogue(open_engine(order["database"]), Keyring.load(config))
    store = DriveStore(client, catalogue, "root", chunk_bytes=CHUNK)
    store.open()
    print("open", flush=True)  # noqa: T201  # whoever started us listens
    sys.stdin.readline()
    for number in range(int(order.get("folders", 0))):
        store.tree.folder(("TikTok", "profile", f"user {number}"))
    for source in sorted(Path(order["files"]).iterdir()):
        store.put(piece_of(source))
    print("done", flush=True)  # noqa: T201  # as above


def piece_of(source: Path) -> Piece:
    """Describe a file, to be stored under its name."""
    content = source.read_bytes()
    return Piece(
        source=source, path=f"TikTok/profile/{source.stem}/{source.name}", video_id="1", role=Role.VIDEO, variant="",
        bytes=len(content), sha256=sha256(content).hexdigest(),
        md5=md5(content, usedforsecurity=False).hexdigest(), mime_type="video/mp4",
    )  # fmt: skip


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
