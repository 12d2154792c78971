"""What can go wrong with a store of files, by what follows from it.

StoreError
└── MediaStoreError
    ├── StoreRefused      it can't be used at all: configuration, permissions; ask the operator
    ├── StorePaused       nothing may be written for a while: quota, no space left; go on at `until`
    ├── PieceRefused      this one file can't be stored, ever
    └── StoreTrouble      this attempt failed; the next one may not
"""

from __future__ import annotations

from datetime import datetime

from store.errors import StoreError


class MediaStoreError(StoreError):
    """The message is one line: what happened, and how to mend it."""


class StoreRefused(MediaStoreError):  # noqa: N818  # says what happened
    """It can't be used at all."""


class StorePaused(MediaStoreError):  # noqa: N818  # says what happened
    """Nothing may be written for a while."""

    def __init__(self, reason: str, until: datetime) -> None:
        super().__init__(f"{reason}; going on at {until:%Y-%m-%d %H:%M} UTC")
        self.reason = reason
        self.until = until


class PieceRefused(MediaStoreError):  # noqa: N818  # says what happened
    """This one file can't be stored, ever."""


class StoreTrouble(MediaStoreError):  # noqa: N818  # says what happened
    """This attempt failed; the next one may not."""
