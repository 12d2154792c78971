"""What came along with the rows a spider was asked for: authors, sounds and hashtags of a page of posts."""

from __future__ import annotations

from dataclasses import dataclass, field

from store.rejects import Reject
from tiktok.items import Item


@dataclass(slots=True)
class Companions:
    """One page's by-catch, stored but not exported.

    It passes the stations as one thing because Scrapy spends about 0.1 ms on every item it carries, and a page of
    fifteen posts brings some forty of these.
    """

    items: list[Item]
    rejects: list[Reject] = field(default_factory=list)
    """Those that station 100 found unfit to store."""
