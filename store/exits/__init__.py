"""Exits: from where requests go out. Direct, or one of the operator's proxies."""

from __future__ import annotations

from store.exits.book import ExitBook
from store.exits.exit import DIRECT, Exit, ExitState, ExitStatus
from store.exits.proxies import Proxy, read_proxy, read_proxy_list
from store.exits.sources import refresh_exits

__all__ = [
    "DIRECT",
    "Exit",
    "ExitBook",
    "ExitState",
    "ExitStatus",
    "Proxy",
    "read_proxy",
    "read_proxy_list",
    "refresh_exits",
]
