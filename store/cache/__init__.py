"""The cache: answers that were found a while ago, shared by all processes. See docs/cache.md.

`open_cache` opens it; `Cache.read_through` answers from it, or has one caller of all find the answer anew.
"""

from __future__ import annotations

from store.cache.answers import Cached, CacheStats, FillRefused, FillTooSlow, Fresh
from store.cache.cache import Cache
from store.cache.homes import open_cache
from store.errors import CacheLost

__all__ = [
    "Cache",
    "CacheLost",
    "CacheStats",
    "Cached",
    "FillRefused",
    "FillTooSlow",
    "Fresh",
    "open_cache",
]
