"""The start: what Google would refuse later is refused now, with what to do about it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from store.media.drive.answers import Gone
from store.media.drive.client import DriveClient
from store.media.drive.credentials import account_of, acts_for_itself
from store.media.drive.tree import ALL_DRIVES, FOLDER
from store.media.drive.units import Cost
from store.media.errors import StorePaused, StoreRefused

logger = logging.getLogger(__name__)

_ROOT_FIELDS = "id,name,mimeType,driveId,trashed,capabilities/canAddChildren"


def open_root(client: DriveClient, folder_id: str, share_with: Sequence[str]) -> dict[str, Any]:
    """Return the topmost folder, checked and shared."""
    account = account_of(client.credentials)
    try:
        root = client.call(
            lambda service: service.files().get(fileId=folder_id, fields=_ROOT_FIELDS, **ALL_DRIVES),
            Cost.READ,
        )
    except Gone:
        raise StoreRefused(
            f"MEDIA_STORE: {account} sees no folder {folder_id}; "
            "check the id at the end of its address, and share it with that account"
        ) from None
    if root["mimeType"] != FOLDER or root.get("trashed"):
        raise StoreRefused(
            f"MEDIA_STORE: {root['name']!r} is no folder, or lies in the trash; name another one"
        )
    if acts_for_itself(client.credentials) and not root.get("driveId"):
        raise StoreRefused(
            f"MEDIA_STORE: the service account {account} owns no storage, so Google refuses its files in "
            f"{root['name']!r}; use a folder of a shared drive, set DRIVE_SUBJECT, or run scrapy drive login"
        )
    if not root.get("capabilities", {}).get("canAddChildren", True):
        raise StoreRefused(
            f"MEDIA_STORE: {account} may not add files to {root['name']!r}; make it a content manager or editor there"
        )
    if share_with:
        _share(client, root["id"], share_with)
    return root


def _share(client: DriveClient, folder_id: str, share_with: Sequence[str]) -> None:
    """Let these people read the topmost folder, and so all that is in it."""
    answer = client.call(
        lambda service: service.permissions().list(
            fileId=folder_id, fields="permissions(type,emailAddress,domain)", **ALL_DRIVES
        ),
        Cost.READ,
    )
    given = [
        one.get("emailAddress") or one.get("domain") or one["type"] for one in answer.get("permissions", [])
    ]
    for reader in share_with:
        if reader not in given:
            try:
                _give(client, folder_id, _permission(reader))
            except StorePaused as paused:
                logger.warning("DRIVE_SHARE: %s can't read the archive yet: %s", reader, paused.reason)
            except StoreRefused as refused:
                raise StoreRefused(f"DRIVE_SHARE: can't be shared with {reader}: {refused}") from None


def _give(client: DriveClient, folder_id: str, permission: dict[str, str]) -> None:
    client.call(
        lambda service: service.permissions().create(
            fileId=folder_id, body=permission, fields="id", sendNotificationEmail=False, **ALL_DRIVES
        ),
        Cost.WRITE,
    )


def _permission(reader: str) -> dict[str, str]:
    if reader == "anyone":
        return {"type": "anyone", "role": "reader"}
    if "@" in reader:
        return {"type": "user", "role": "reader", "emailAddress": reader}
    return {"type": "domain", "role": "reader", "domain": reader}
