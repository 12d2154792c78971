"""The store: a post's files in a tree of folders, each there once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, ClassVar

from store.media.drive.answers import AlreadyThere, Gone
from store.media.drive.catalogue import Catalogue, Item
from store.media.drive.chunks import ChunkedFile, SessionLost
from store.media.drive.client import DriveClient
from store.media.drive.opening import open_root
from store.media.drive.tree import ALL_DRIVES, Tree
from store.media.drive.units import Cost
from store.media.errors import StoreTrouble
from store.media.stores import Piece, Placed

logger = logging.getLogger(__name__)

FIELDS = "id,name,size,md5Checksum,trashed,webViewLink"
SESSIONS = 3
"""Upload sessions that one attempt may lose."""


class DriveStore:
    """Google Drive below one folder."""

    name: ClassVar[str] = "drive"

    def __init__(
        self,
        client: DriveClient,
        catalogue: Catalogue,
        folder_id: str,
        *,
        chunk_bytes: int = 8 << 20,
        share_with: tuple[str, ...] = (),
    ) -> None:
        self.client = client
        self.catalogue = catalogue
        self.folder_id = folder_id
        self.chunk_bytes = chunk_bytes
        self.share_with = share_with
        self.tree = Tree(client, catalogue, folder_id, None)

    def open(self) -> None:
        root = open_root(self.client, self.folder_id, self.share_with)
        self.tree = Tree(self.client, self.catalogue, root["id"], root.get("driveId"))

    def find(self, piece: Piece) -> Placed | None:
        path = PurePosixPath(piece.path)
        parent = self.tree.recorded(path.parts[:-1])
        item = self.catalogue.find(parent.id, path.name) if parent else None
        if item is None or item.md5 != piece.md5:
            return None
        remote = self._get(item)
        return _placed(remote) if remote and remote.get("md5Checksum") == piece.md5 else None

    def put(self, piece: Piece) -> Placed:
        return self._placing(piece, self._create)

    def put_again(self, piece: Piece, twin: Placed) -> Placed:
        """Let Drive copy what it has."""

        def copy(item: Item, piece: Piece) -> dict[str, Any]:
            body = _metadata(item, piece)
            try:
                return self.client.call(
                    lambda service: service.files().copy(
                        fileId=twin.id, body=body, fields=FIELDS, **ALL_DRIVES
                    ),
                    Cost.WRITE,
                )
            except Gone:
                return self._create(item, piece)

        return self._placing(piece, copy if twin.id else self._create)

    def free_bytes(self) -> int | None:
        """Of the account's own Drive; a shared drive has no limit of its own."""
        if self.tree.drive_id:
            return None
        answer = self.client.call(lambda service: service.about().get(fields="storageQuota"), Cost.OTHER)
        quota = answer["storageQuota"]
        return int(quota["limit"]) - int(quota.get("usage", 0)) if quota.get("limit") else None

    def close(self) -> None:
        self.client.close()

    def _placing(self, piece: Piece, make: Callable[[Item, Piece], dict[str, Any]]) -> Placed:
        try:
            return self._place(piece, make)
        except Gone:
            self.tree.look_again()  # a folder of ours was deleted meanwhile
        return self._place(piece, make)

    def _place(self, piece: Piece, make: Callable[[Item, Piece], dict[str, Any]]) -> Placed:
        path = PurePosixPath(piece.path)
        parent = self.tree.folder(path.parts[:-1])
        item, remote = self._reserved(parent, path.name)
        if remote is None:
            remote = self._made(item, piece, make)
            item = replace(item, session=None)  # it was for making, and is over
        if remote.get("md5Checksum") != piece.md5:
            remote = self._replace(item, piece)
        self.catalogue.note_made(item, piece.md5)
        return _placed(remote)

    def _made(
        self, item: Item, piece: Piece, make: Callable[[Item, Piece], dict[str, Any]]
    ) -> dict[str, Any]:
        try:
            return make(item, piece)
        except AlreadyThere:  # an attempt whose answer was lost, or another process
            remote = self._get(item)
        if remote is None:
            self.catalogue.forget(item)
            raise StoreTrouble(f"{piece.path}: went to the trash while it was stored")
        return remote

    def _reserved(self, parent: Item, name: str) -> tuple[Item, dict[str, Any] | None]:
        """Return a file's place, and what is there already."""
        item = self.catalogue.find(parent.id, name)
        if item is None:
            found = self.tree.find_in(parent, name, is_folder=False) if parent.is_adopted else None
            item_id = found["id"] if found else self.client.new_id()
            item = self.catalogue.reserve(parent.id, name, item_id, is_adopted=bool(found))
            return item, found if found and found["id"] == item.id else None
        if not item.is_made:
            return item, None
        remote = self._get(item)
        if remote is None:
            self.catalogue.forget(item)
            item = self.catalogue.reserve(parent.id, name, self.client.new_id())
        return item, remote

    def _create(self, item: Item, piece: Piece) -> dict[str, Any]:
        body = _metadata(item, piece)
        return self._send(
            item,
            piece,
            lambda service, media: service.files().create(
                body=body, media_body=media, fields=FIELDS, **ALL_DRIVES
            ),
        )

    def _replace(self, item: Item, piece: Piece) -> dict[str, Any]:
        """Give what is there this content; the place keeps its id and its link."""
        body = {"appProperties": _properties(piece)}
        remote = self._send(
            item,
            piece,
            lambda service, media: service.files().update(
                fileId=item.id, body=body, media_body=media, fields=FIELDS, **ALL_DRIVES
            ),
        )
        if remote.get("md5Checksum") != piece.md5:
            raise StoreTrouble(f"{piece.path}: what Drive has differs from what was sent")
        return remote

    def _send(self, item: Item, piece: Piece, make: Callable[[Any, Any], Any]) -> dict[str, Any]:
        """Upload in chunks, small files too: in one body with its metadata, a file's last byte can be misread."""
        session = item.session if item.session_md5 == piece.md5 else None
        for _ in range(SESSIONS):
            media = self._opened(piece)
            try:
                return self.client.upload(
                    lambda service: make(service, media),  # noqa: B023  # called at once
                    session=session,
                    keep=lambda address: self.catalogue.keep_session(item, address, piece.md5),
                )
            except SessionLost:
                logger.info("The upload of %s begins anew: Drive forgot its session", piece.path)
                self.catalogue.drop_session(item)
                session = None
        raise StoreTrouble(f"{piece.path}: Drive forgot {SESSIONS} upload sessions")

    def _opened(self, piece: Piece) -> ChunkedFile:
        try:
            return ChunkedFile(
                piece.source, mimetype=piece.mime_type, chunksize=self.chunk_bytes, resumable=True
            )
        except OSError as error:
            raise StoreTrouble(f"{piece.source}: {error.strerror}") from error

    def _get(self, item: Item) -> dict[str, Any] | None:
        """Return a file as it is, unless it is gone or in the trash."""
        try:
            remote = self.client.call(
                lambda service: service.files().get(fileId=item.id, fields=FIELDS, **ALL_DRIVES), Cost.READ
            )
        except Gone:
            return None
        return None if remote.get("trashed") else remote


def _metadata(item: Item, piece: Piece) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "parents": [item.parent_id],
        "mimeType": piece.mime_type,
        "appProperties": _properties(piece),
    }


def _properties(piece: Piece) -> dict[str, str]:
    """What finds a file again when our database is lost; private to the OAuth client."""
    named = {"video_id": piece.video_id, "role": piece.role.value, "variant": piece.variant}
    return {name: value for name, value in named.items() if value}


def _placed(remote: dict[str, Any]) -> Placed:
    return Placed(id=remote["id"], link=remote.get("webViewLink"))
