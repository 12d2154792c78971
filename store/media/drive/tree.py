"""Folders: found again, made once, however many want them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from store.media.drive.answers import AlreadyThere, Gone
from store.media.drive.catalogue import Catalogue, Item
from store.media.drive.client import DriveClient
from store.media.drive.units import Cost

FOLDER = "application/vnd.google-apps.folder"
ALL_DRIVES = {"supportsAllDrives": True}


class Tree:
    """The folders below the topmost one."""

    def __init__(self, client: DriveClient, catalogue: Catalogue, root_id: str, drive_id: str | None) -> None:
        self.client = client
        self.catalogue = catalogue
        self.root = Item(root_id, "", "", is_made=True, is_adopted=True)
        self.drive_id = drive_id
        self._seen: dict[tuple[str, ...], Item] = {}
        """Folders that this process has seen to exist."""
        self._lock = threading.Lock()

    def folder(self, parts: Sequence[str]) -> Item:
        """Return a folder, making it and those above it."""
        with self._lock:
            return self._folder(tuple(parts))

    def recorded(self, parts: Sequence[str]) -> Item | None:
        """Return a folder as we remember it, asking nobody."""
        item: Item | None = self.root
        for part in parts:
            item = item and self.catalogue.find(item.id, part)
        return item

    def look_again(self) -> None:
        """Believe in no folder any more: one of them is gone."""
        with self._lock:
            self._seen.clear()

    def find_in(self, parent: Item, name: str, *, is_folder: bool) -> dict[str, Any] | None:
        """Find something in a folder that was there before us; of twins the oldest, then the smallest id."""
        query = f"name = '{_quoted(name)}' and '{parent.id}' in parents and trashed = false"
        where = (
            {"corpora": "drive", "driveId": self.drive_id, "includeItemsFromAllDrives": True}
            if self.drive_id
            else {}
        )
        fields = "nextPageToken,files(id,name,mimeType,createdTime,md5Checksum,webViewLink,trashed)"
        found = self.client.pages(q=query, fields=fields, **ALL_DRIVES, **where)
        twins = [one for one in found if one["name"] == name and (one["mimeType"] == FOLDER) == is_folder]
        return min(twins, key=lambda one: (one["createdTime"], one["id"]), default=None)

    def _folder(self, parts: tuple[str, ...]) -> Item:
        if not parts:
            return self.root
        if parts not in self._seen:
            self._seen[parts] = self._ensured(self._folder(parts[:-1]), parts[-1])
        return self._seen[parts]

    def _ensured(self, parent: Item, name: str) -> Item:
        item = self.catalogue.find(parent.id, name)
        if item and item.is_made and not self._exists(item):
            self.catalogue.forget(item)
            item = None
        item = item or self._reserved(parent, name)
        if not item.is_made:
            self._make(item)
        return item

    def _reserved(self, parent: Item, name: str) -> Item:
        found = self.find_in(parent, name, is_folder=True) if parent.is_adopted else None
        if found:
            return self.catalogue.reserve(parent.id, name, found["id"], is_adopted=True)
        return self.catalogue.reserve(parent.id, name, self.client.new_id())

    def _make(self, item: Item) -> None:
        body = {"id": item.id, "name": item.name, "mimeType": FOLDER, "parents": [item.parent_id]}
        with suppress(AlreadyThere):  # made by an attempt whose answer was lost, or by another process
            self.client.call(
                lambda service: service.files().create(body=body, fields="id", **ALL_DRIVES), Cost.WRITE
            )
        self.catalogue.note_made(item)

    def _exists(self, item: Item) -> bool:
        try:
            answer = self.client.call(
                lambda service: service.files().get(fileId=item.id, fields="id,trashed", **ALL_DRIVES),
                Cost.READ,
            )
        except Gone:
            return False
        return not answer.get("trashed")


def _quoted(name: str) -> str:
    return name.replace("\\", r"\\").replace("'", r"\'")
