"""What exists: folders, files, shared drives, and who may be let in."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from standin.drive.bodies import Content
from standin.drive.callers import Caller
from standin.drive.errors import DriveError, not_found
from standin.drive.faults import Plan
from standin.drive.sessions import Session
from standin.drive.settings import DriveSettings

FOLDER = "application/vnd.google-apps.folder"
ROOT = "0AStandinRootPVA"
KEPT_REQUESTS = 5_000


@dataclass(slots=True, kw_only=True)
class Entry:
    """A file or a folder."""

    id: str
    name: str
    mime_type: str
    parents: list[str]
    created: float
    modified: str
    drive_id: str | None = None
    owner: str = ""
    trashed: bool = False
    description: str = ""
    app_properties: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    permissions: list[dict[str, Any]] = field(default_factory=list)
    content: Content | None = None

    @property
    def is_folder(self) -> bool:
        return self.mime_type == FOLDER

    def shown(self) -> dict[str, Any]:
        """Return every field it has."""
        resource: dict[str, Any] = {
            "kind": "drive#file",
            "id": self.id,
            "name": self.name,
            "mimeType": self.mime_type,
            "parents": self.parents,
            "createdTime": timestamp(self.created),
            "modifiedTime": self.modified,
            "trashed": self.trashed,
            "explicitlyTrashed": self.trashed,
            "appProperties": self.app_properties,
            "properties": self.properties,
            "permissions": self.permissions,
            "permissionIds": [one["id"] for one in self.permissions],
            "shared": len(self.permissions) > 1,
            "capabilities": {"canAddChildren": self.is_folder, "canEdit": True},
            "spaces": ["drive"],
            "version": "1",
            "webViewLink": f"https://drive.google.com/{'drive/folders' if self.is_folder else 'file/d'}/{self.id}",
        }
        if self.description:
            resource["description"] = self.description
        if self.drive_id:
            resource |= {"driveId": self.drive_id, "teamDriveId": self.drive_id}
        else:
            resource["owners"] = [{"kind": "drive#user", "emailAddress": self.owner, "me": True}]
        if self.content:
            resource |= {
                "size": str(self.content.size),
                "md5Checksum": self.content.md5,
                "sha1Checksum": self.content.sha1,
                "sha256Checksum": self.content.sha256,
                "webContentLink": f"https://drive.google.com/uc?id={self.id}&export=download",
            }
        return resource


@dataclass(slots=True)
class Drive:
    """The whole of it."""

    folder: Path
    """Where the bytes are kept."""
    settings: DriveSettings = field(default_factory=DriveSettings)
    plan: Plan = field(default_factory=Plan)
    entries: dict[str, Entry] = field(default_factory=dict)
    tokens: dict[str, Caller] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    """Codes that a person's consent gave out and nobody has used."""
    refresh_tokens: set[str] = field(default_factory=set)
    reserved: set[str] = field(default_factory=set)
    """Ids given out by `generateIds` and not used."""
    sessions: dict[str, Session] = field(default_factory=dict)
    log: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT_REQUESTS))
    arrivals: deque[float] = field(default_factory=deque)
    """When the requests of the last minute came."""

    def __post_init__(self) -> None:
        self.add(
            Entry(id=ROOT, name="My Drive", mime_type=FOLDER, parents=[], created=0.0, modified=timestamp(0))
        )

    @property
    def now(self) -> float:
        """The present, which a test may move."""
        return time.time() + self.settings.clock_offset

    def new_id(self) -> str:
        """Return an id that nothing has."""
        return "1" + secrets.token_urlsafe(24)

    def add(self, entry: Entry) -> Entry:
        """Keep a file or folder."""
        self.entries[entry.id] = entry
        return entry

    def find(self, file_id: str, *, all_drives: bool) -> Entry:
        """Return what an id names; what lies in a shared drive is shown to those who ask for it."""
        entry = self.entries.get(ROOT if file_id == "root" else file_id)
        if entry is None or (entry.drive_id and not all_drives):
            raise not_found(file_id)
        return entry

    def children(self, parent: str) -> list[Entry]:
        """Return what lies directly in a folder."""
        return [entry for entry in self.entries.values() if parent in entry.parents]

    def remove(self, entry: Entry) -> None:
        """Delete something with all that lies in it."""
        for child in self.children(entry.id):
            self.remove(child)
        del self.entries[entry.id]
        if entry.content:
            entry.content.path.unlink(missing_ok=True)

    def usage(self) -> int:
        """Return the bytes of all files outside shared drives."""
        return sum(
            entry.content.size for entry in self.entries.values() if entry.content and not entry.drive_id
        )

    def ancestors(self, entry: Entry) -> Iterator[Entry]:
        """Give the folders above something."""
        for parent in entry.parents:
            above = self.entries[parent]
            yield above
            yield from self.ancestors(above)

    def make(self, wish: dict[str, Any], caller: Caller, *, all_drives: bool) -> Entry:
        """Return what a `files.create` describes, not kept yet."""
        parent = self.find((wish.get("parents") or ["root"])[0], all_drives=all_drives)
        mime_type = wish.get("mimeType") or "application/octet-stream"
        if caller.is_service and not parent.drive_id and mime_type != FOLDER:
            message = (
                "Service Accounts do not have storage quota. Leverage shared drives, or use OAuth delegation."
            )
            raise DriveError("storageQuotaExceeded", message)
        self.check_id(wish.get("id"))
        return Entry(
            id=wish.get("id") or self.new_id(),
            name=wish.get("name") or "Untitled",
            mime_type=mime_type,
            parents=[parent.id],
            created=self.now,
            modified=wish.get("modifiedTime") or timestamp(self.now),
            drive_id=parent.drive_id,
            owner=caller.email,
            description=wish.get("description", ""),
            app_properties=dict(wish.get("appProperties") or {}),
            properties=dict(wish.get("properties") or {}),
            permissions=[{"kind": "drive#permission", "id": "owner", "type": "user", "role": "owner"}],
        )

    def check_id(self, file_id: str | None) -> None:
        """Refuse an id that is in use, or that never came from `generateIds`."""
        if file_id is None:
            return
        if file_id in self.entries:
            raise DriveError("fileIdInUse", "A file already exists with the provided ID.")
        if file_id not in self.reserved:
            raise DriveError("invalid", "The provided file ID is not usable.", location="file.id")


def timestamp(seconds: float) -> str:
    """Write a moment as Google does."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


DRIVE = web.AppKey("drive", Drive)


def drive_of(request: web.Request) -> Drive:
    """Return the drive a request came to."""
    return request.app[DRIVE]
