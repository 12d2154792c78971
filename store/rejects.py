"""An item that can't be stored truthfully: kept aside with its reason, so that nothing goes silently."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from tiktok.items import Item


@dataclass(slots=True, kw_only=True)
class Reject:
    """One item set aside."""

    item_type: str
    """`Item.type`."""
    key: str
    """`Item.key` as it came."""
    reason: str
    """One line that names the field."""
    payload: dict[str, Any]
    """The whole item."""
    at: datetime | None = None
    """When, UTC; the time of writing when nobody said."""

    @classmethod
    def of(cls, item: Item, reason: str) -> Self:
        """Set the item aside."""
        return cls(
            item_type=item.type, key=str(item.key), reason=reason, payload=asdict(item), at=item.scraped_at
        )
