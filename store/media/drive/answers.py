"""What an answer of Google that isn't the wished one means, and what follows from it.

MediaStoreError
└── StoreTrouble
    ├── Gone            404: no such file, folder or upload session
    └── AlreadyThere    409: the id that we reserved is in use, so our create was done before
"""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import httplib2
import orjson
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from googleapiclient.errors import HttpError

from store.media.errors import MediaStoreError, PieceRefused, StorePaused, StoreRefused, StoreTrouble

QUOTA_PAUSE = timedelta(hours=3)
FULL_PAUSE = timedelta(hours=1)
WALL_PAUSE = timedelta(hours=1)
"""After retries that lasted as long as we may: the wall of 750 GB a day looks like a rate limit that never ends."""

TRANSPORT = (OSError, httplib2.HttpLib2Error, http.client.HTTPException, TransportError)
"""No answer came: whether the deed was done is unknown."""
ERRORS = (HttpError, GoogleAuthError, *TRANSPORT)

_RATE = frozenset({"userRateLimitExceeded", "rateLimitExceeded", "sharingRateLimitExceeded"})
_DAILY = frozenset({"dailyLimitExceeded", "quotaExceeded"})
_FOLDER_FULL = frozenset({"numChildrenInNonRootLimitExceeded", "myDriveHierarchyDepthLimitExceeded"})
_NO_QUOTA = "Service Accounts do not have storage quota"


class Gone(StoreTrouble):
    """No such file, folder or upload session."""


class AlreadyThere(StoreTrouble):
    """The id that we reserved is in use."""


class Follow(StrEnum):
    """What follows from a failure."""

    RETRY = "retry"
    """Something passing, or nobody knows: the same request, with the same id."""
    SLOW_DOWN = "slow_down"
    """The same, but it may last, and then the whole store pauses."""
    DAY_IS_OVER = "day_is_over"
    FULL = "full"
    REFUSED = "refused"
    """A person must mend it."""
    NOT_THIS_ONE = "not_this_one"
    GONE = "gone"
    THERE = "there"


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed request, understood."""

    follow: Follow
    text: str
    retry_after: float = 0.0
    """Seconds that Google wished for."""

    @property
    def is_passing(self) -> bool:
        return self.follow in (Follow.RETRY, Follow.SLOW_DOWN)

    def error(self, now: datetime) -> MediaStoreError:
        """Return the error that says so to whoever wanted to store something."""
        match self.follow:
            case Follow.SLOW_DOWN:
                return StorePaused(f"Drive asks us to slow down, for long ({self.text})", now + WALL_PAUSE)
            case Follow.DAY_IS_OVER:
                return StorePaused(f"Drive's quota of the day is used up ({self.text})", now + QUOTA_PAUSE)
            case Follow.FULL:
                return StorePaused(f"the Drive is full ({self.text}); make room there", now + FULL_PAUSE)
            case Follow.REFUSED:
                return StoreRefused(f"MEDIA_STORE: Drive refuses ({self.text})")
            case Follow.NOT_THIS_ONE:
                return PieceRefused(f"Drive doesn't take it ({self.text})")
            case Follow.GONE:
                return Gone(self.text)
            case Follow.THERE:
                return AlreadyThere(self.text)
        return StoreTrouble(f"Drive: {self.text}")


def understand(error: Exception) -> Failure:
    """Say what follows from one of `ERRORS`."""
    if isinstance(error, HttpError):
        return _understand_answer(error)
    if isinstance(error, RefreshError) and not error.retryable:
        text = str(error.args[0] if error.args else error)
        return Failure(
            Follow.REFUSED, f"{text}; run scrapy drive login, or check the key in DRIVE_CREDENTIALS"
        )
    return Failure(Follow.RETRY, f"{type(error).__name__}: {error}")


def _understand_answer(error: HttpError) -> Failure:
    status, reason, message = int(error.resp.status), *_reason_of(error)
    text = f"{status} {reason}: {message}" if reason else f"{status}: {message}"
    wish = error.resp.get("retry-after", "")
    return Failure(_follow(status, reason, message), text, float(wish) if wish.isdigit() else 0.0)


def _follow(status: int, reason: str, message: str) -> Follow:
    if status >= 500 or status == 408:
        return Follow.RETRY
    if status == 429 or reason in _RATE:
        return Follow.SLOW_DOWN
    if reason in _DAILY:
        return Follow.DAY_IS_OVER
    if reason == "storageQuotaExceeded":
        return Follow.REFUSED if message.startswith(_NO_QUOTA) else Follow.FULL
    if reason in _FOLDER_FULL:
        return Follow.NOT_THIS_ONE
    return {404: Follow.GONE, 410: Follow.GONE, 409: Follow.THERE, 400: Follow.NOT_THIS_ONE}.get(
        status, Follow.REFUSED
    )


def _reason_of(error: HttpError) -> tuple[str, str]:
    """Read Google's error body; a proxy's or nobody's is just its status."""
    try:
        body: Any = orjson.loads(error.content)
        details = body["error"]
        return str(details["errors"][0]["reason"]), " ".join(str(details["message"]).split())
    except (ValueError, LookupError, TypeError):
        return "", str(error.resp.reason or "no reason given")
