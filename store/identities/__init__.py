"""Identities: who asks. Cookies, device and exit, bound for life; leased by one process at a time."""

from __future__ import annotations

from store.identities.book import IdentityBook
from store.identities.health import Settlement
from store.identities.identity import Identity, IdentityStatus
from store.identities.statistics import IdentityCounts
from store.models.identities import IdentityKind, IdentityState

__all__ = [
    "Identity",
    "IdentityBook",
    "IdentityCounts",
    "IdentityKind",
    "IdentityState",
    "IdentityStatus",
    "Settlement",
]
