"""Cookies and device as bytes, the form in which they are encrypted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

import orjson

from tiktok.cookies import Cookie
from tiktok.devices import Device

_DEVICE_FIELDS = frozenset(field.name for field in fields(Device))


def pack(device: Device, cookies: Sequence[Cookie]) -> bytes:
    """Write device and cookies."""
    return orjson.dumps({"device": asdict(device), "cookies": [_pack_cookie(cookie) for cookie in cookies]})


def unpack(packed: bytes) -> tuple[Device, list[Cookie]]:
    """Read what `pack` wrote, also an older or newer version of it."""
    content = orjson.loads(packed)
    device = {key: value for key, value in content["device"].items() if key in _DEVICE_FIELDS}
    return Device(**device), [_unpack_cookie(row) for row in content["cookies"]]


def _pack_cookie(cookie: Cookie) -> dict[str, Any]:
    return {
        "name": cookie.name,
        "value": cookie.value,
        "domain": cookie.domain,
        "path": cookie.path,
        "expires_at": cookie.expires_at and cookie.expires_at.timestamp(),
        "is_secure": cookie.is_secure,
        "is_http_only": cookie.is_http_only,
        "set_at": cookie.set_at and cookie.set_at.timestamp(),
    }


def _unpack_cookie(row: dict[str, Any]) -> Cookie:
    return Cookie(
        name=row["name"],
        value=row["value"],
        domain=row["domain"],
        path=row["path"],
        expires_at=_moment(row["expires_at"]),
        is_secure=row["is_secure"],
        is_http_only=row["is_http_only"],
        set_at=_moment(row["set_at"]),
    )


def _moment(epoch_seconds: float | None) -> datetime | None:
    return None if epoch_seconds is None else datetime.fromtimestamp(epoch_seconds, UTC)
