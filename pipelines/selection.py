"""Which posts of a list are wanted: `since`, `until` and `limit`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tiktok.items import Item


@dataclass(frozen=True, slots=True)
class Selection:
    """What the person who started the crawl asked for; `None` asks for no bound."""

    since: datetime | None = None
    """Created at or after this time, UTC."""
    until: datetime | None = None
    """Created before this time, UTC."""
    limit: int | None = None
    """Rows per target."""

    def wants(self, item: Item) -> bool:
        """Say whether the item lies in the asked-for time; items without a time always do."""
        created_at: datetime | None = getattr(item, "created_at", None)
        if created_at is None:
            return True
        return not self.is_before(created_at) and not (self.until and created_at >= self.until)

    def is_before(self, moment: datetime) -> bool:
        """Say whether the moment lies before the asked-for time, so that older pages need no visit."""
        return self.since is not None and moment < self.since

    @property
    def scope(self) -> str:
        """The selection in words, the same words for the same selection; empty when all is wanted."""
        bounds = {
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "limit": self.limit,
        }
        return " ".join(f"{name}={bound}" for name, bound in bounds.items() if bound is not None)
