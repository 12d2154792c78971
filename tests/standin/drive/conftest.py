"""A plain client of the pretend Drive, with the token of its owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fixtures.drive import RunningDrive

FOLDER = "application/vnd.google-apps.folder"
FILES = "/drive/v3/files"
UPLOAD = "/upload/drive/v3/files"
BLOCK = 262_144


class Owner:
    """Whoever owns the drive."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def create(self, name: str = "x", parent: str = "root", **more: Any) -> dict[str, Any]:
        reply = self.http.post(FILES, json={"name": name, "parents": [parent]} | more, params={"fields": "*"})
        assert reply.status_code == 200, reply.text
        created: dict[str, Any] = reply.json()
        return created

    def found(self, query: str) -> list[str]:
        """Return the names of what a query finds, over all pages."""
        names: list[str] = []
        token = ""
        while True:
            page = self.http.get(FILES, params={"q": query, "pageToken": token}).json()
            names += [entry["name"] for entry in page["files"]]
            token = page.get("nextPageToken", "")
            if not token:
                return names

    def ids(self, count: int) -> list[str]:
        generated: list[str] = self.http.get(f"{FILES}/generateIds", params={"count": count}).json()["ids"]
        return generated

    def session(self, total: int, **wish: Any) -> str:
        """Begin an upload and return its address."""
        headers = {"X-Upload-Content-Type": "video/mp4", "X-Upload-Content-Length": str(total)}
        query = {"uploadType": "resumable", "fields": "id,name,size,md5Checksum"}
        reply = self.http.post(UPLOAD, json=wish, params=query, headers=headers)
        assert (reply.status_code, reply.content) == (200, b"")
        return reply.headers["Location"]

    def chunk(self, address: str, content: bytes, start: int, total: int) -> httpx.Response:
        """Send a part of a file without showing any token."""
        given = f"bytes {start}-{start + len(content) - 1}/{total}"
        return httpx.put(address, content=content, headers={"Content-Range": given}, timeout=20)

    def status(self, address: str, total: int) -> httpx.Response:
        return httpx.put(address, headers={"Content-Range": f"bytes */{total}"})


def token(drive: RunningDrive) -> str:
    """Return an access token of the owner."""
    key = drive.key("user")
    form = {"grant_type": "refresh_token", "refresh_token": key["refresh_token"]}
    access: str = httpx.post(key["token_uri"], data=form).json()["access_token"]
    return access


@pytest.fixture
def owner(drive: RunningDrive) -> Iterator[Owner]:
    with httpx.Client(
        base_url=drive.url, timeout=20, headers={"Authorization": f"Bearer {token(drive)}"}
    ) as http:
        yield Owner(http)
