"""What parsing hands back: items, how a list page describes itself, who the site thinks we are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tiktok.items import Item


@dataclass(slots=True)
class ListPage:
    """How a page of a list describes itself."""

    keys: list[str] = field(default_factory=list)
    """Keys of the listed rows in the order served; authors and sounds that came along are not rows."""
    cursor: str | None = None
    """Where the next page starts, as the site says; `None` when it does not say."""
    has_more: bool | None = None
    """What the site says; `None` when it says nothing, which is not the same as false."""
    declared: int | None = None
    """Rows the whole list is said to have."""
    search_id: str | None = None
    """First search answer's log id, which the second page must send back."""
    lists: int = 1
    """Lists that the page shows as one. What follows each of several is asked for apart, and ends apart."""
    stopped: str | None = None
    """Why a visit that walked the list by itself stopped before its end; `None` for a single answer."""


@dataclass(slots=True)
class Visitor:
    """Who the site thinks we are (`webapp.app-context`)."""

    device_id: str | None = None
    """`wid`."""
    odin_id: str | None = None
    created_at: str | None = None
    """`webIdCreatedTime`, epoch seconds: the value of the parameter `WebIdLastTime`."""
    region: str | None = None
    """Country TikTok assigned to the exit."""
    csrf_token: str | None = field(default=None, repr=False)
    is_logged_in: bool = False


@dataclass(slots=True)
class Parsed:
    """What one payload held."""

    shape: str | None = None
    """Name of the shape that was recognised, `None` when none was."""
    items: list[Item] = field(default_factory=list)
    """Everything found, listed rows first, none twice."""
    page: ListPage | None = None
    """Set when the payload is a page of a list."""
    visitor: Visitor | None = None
    """Set on pages that tell."""
    defects: list[str] = field(default_factory=list)
    """Required fields that were missing, as payload paths: the signs of a changed schema."""


def merged(parts: Iterable[Parsed]) -> Parsed:
    """What several parts of one payload held; of a kind that only one can tell, the first told counts."""
    whole = Parsed()
    for part in parts:
        whole.items += part.items
        whole.defects += part.defects
        whole.page = whole.page or part.page
        whole.visitor = whole.visitor or part.visitor
    whole.items = distinct(whole.items)
    return whole


def distinct(items: Iterable[Item]) -> list[Item]:
    """Each item once, the first sight of it: put the fuller source first."""
    found: dict[tuple[str, str], Item] = {}
    for item in items:
        found.setdefault((item.type, item.key), item)
    return list(found.values())
