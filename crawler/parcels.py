"""What a page yields, put together: Scrapy spends more on each thing it carries than the stations do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scrapy import Request
from scrapy.http import Response


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that one page yields but requests, in order; the stations unpack it and see each part alone."""

    parts: tuple[Any, ...]
    response: Response


def in_parcel(parts: list[Any], response: Response) -> list[Any]:
    """Put a page's items and records into one parcel; requests follow it."""
    carried = tuple(part for part in parts if not isinstance(part, Request))
    requests = [part for part in parts if isinstance(part, Request)]
    return [Parcel(carried, response), *requests] if carried else requests
