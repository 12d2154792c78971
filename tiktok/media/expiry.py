"""When a signed link ends: the link itself tells (facts E.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

MARGIN = timedelta(minutes=1)
"""A link that ends within this time may end on the way."""

_NAMES = ("x-expires", "expire", "expires")
_HEX_EPOCH = re.compile(r"/[0-9a-f]{32}/([0-9a-f]{8})/", re.IGNORECASE)
"""`/{md5}/{hex epoch}/…`: links of sounds and subtitles."""


def expires_at(url: str) -> datetime | None:
    """Read when the link ends; `None` when it doesn't say, as TikTok's redirect `/aweme/v1/play/`."""
    parts = urlsplit(url)
    told = parse_qs(parts.query)
    for name in _NAMES:
        value = told.get(name, [""])[-1]
        if value.isascii() and value.isdigit():
            return _moment(int(value))
    found = _HEX_EPOCH.match(parts.path)
    return _moment(int(found[1], 16)) if found else None


def is_expired(url: str, now: datetime) -> bool:
    """Say whether asking is no use any more."""
    end = expires_at(url)
    return end is not None and end <= now + MARGIN


def _moment(epoch: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(epoch, UTC)
    except (OverflowError, ValueError, OSError):
        return None
