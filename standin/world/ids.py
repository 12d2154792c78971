"""Ids as TikTok makes them: the upper 32 bits are the time of creation, the lower 32 hide a number of ours.

The lower half is the number times an odd constant, so an id can be read back without a table and an id that
nobody was given almost never reads back as one that exists.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b

_ODD = 0x9E3779B1
_INVERSE = pow(_ODD, -1, 1 << 32)
_LOW = 0xFFFFFFFF

SEC_UID_PREFIX = "MS4wLjABAAAA"


class Space(IntEnum):
    """What an id names; ids of different spaces differ in their lower half."""

    ACCOUNT = 0x1F3D5B79
    POST = 0x2C6E8A04
    SOUND = 0x3B59D7F1
    TAG = 0x47A1C3E5
    COMMENT = 0x5D2F8B63
    COLLECTION = 0x6B8C0D17
    PRODUCT = 0x73E4A95B
    SKU = 0x81C62F3D
    SELLER = 0x9A1D7E47


def make_id(space: Space, created: int, number: int) -> str:
    """Return the id of the number-th thing, created then."""
    return str(created << 32 | (number * _ODD + space) & _LOW)


def read_id(space: Space, given: str) -> tuple[int, int] | None:
    """Return (created, number) as the id claims, or nothing for what is no id."""
    if not (given.isascii() and given.isdigit() and len(given) <= 20):
        return None
    value = int(given)
    return value >> 32, ((value & _LOW) - space) * _INVERSE & _LOW


def make_sec_uid(number: int) -> str:
    """Return the account's secUid: the public prefix and 64 URL-safe characters."""
    head = (number * _ODD & _LOW).to_bytes(4, "big")
    tail = blake2b(head, digest_size=44).digest()
    return SEC_UID_PREFIX + urlsafe_b64encode(head + tail).decode()


@lru_cache(maxsize=4096)
def read_sec_uid(given: str) -> int | None:
    """Return the account number the secUid stands for, or nothing when it was never given out."""
    if not given.startswith(SEC_UID_PREFIX) or len(given) != len(SEC_UID_PREFIX) + 64:
        return None
    try:
        head = urlsafe_b64decode(given[len(SEC_UID_PREFIX) :])[:4]
    except ValueError:
        return None
    number = int.from_bytes(head, "big") * _INVERSE & _LOW
    return number if make_sec_uid(number) == given else None
