"""Feeds: products of a list, and what is sent back to be given the next ones (facts §5, §6)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from standin.dice import digest
from standin.wire.moment import Cdn
from standin.wire.shop.listing import listing_bytes
from standin.wire.templates import decode, encode
from standin.world.shop.catalogue import Catalogue
from standin.world.shop.products import Product

PAGE = 30
"""Products of each page of a list."""


class Shown(NamedTuple):
    """Where and when a list is shown."""

    catalogue: Catalogue
    day: int
    cdn: Cdn


class Place(NamedTuple):
    """Which list, and where in it; it travels as `load_more_params`."""

    kind: str
    """`s`, `c`, `store` or `home`."""
    front: str
    subject: str
    """Search words, category id, seller id, or the feed's name."""
    offset: int = 0
    filters: Sequence[str] = ()
    excluded: Sequence[str] = ()

    @property
    def token(self) -> str:
        """The `page_token` without which no further page is given."""
        return b64encode(digest(0, "page token", self.kind, self.front, self.subject.lower())[:24]).decode()

    def params(self) -> dict[str, Any]:
        """Return `load_more_params`."""
        return {
            "offset": self.offset,
            "page_token": self.token,
            "api_source": 2,
            "search_word": self.subject if self.kind == "s" else "",
            "filters": [{"filter_option_id": wish} for wish in self.filters],
            "exclude_product_ids": list(self.excluded),
            "seller_id": self.subject if self.kind == "store" else "",
            "category_id": self.subject if self.kind == "c" else "",
            "feed": self.subject if self.kind == "home" else "",
            "region": self.front.upper(),
        }


def listings(products: Iterable[Product], shown: Shown) -> list[Any]:
    """Return listing objects."""
    return [decode(listing_bytes(product, *shown)) for product in products]


def listings_joined(products: Iterable[Product], shown: Shown) -> bytes:
    """Return listing objects as an encoded array."""
    return b"[%b]" % b",".join(listing_bytes(product, *shown) for product in products)


def feed_data(products: Sequence[Product], place: Place, shown: Shown) -> dict[str, Any]:
    """Return `component_data` of a feed: the page at a place, and the way to the next one."""
    left = [product for product in products if product.id not in place.excluded]
    stop = place.offset + PAGE
    page = left[place.offset : stop]
    return {
        "products": listings(page, shown),
        "load_more_params": place._replace(offset=place.offset + len(page)).params(),
        "has_more": stop < len(left),
    }


def store_cursor(products: Sequence[Product], stop: int, day: int) -> str:
    """Return a store's cursor: what the last product shown is sorted by, and its id."""
    if not products or not stop:
        return ""
    last = products[min(stop, len(products)) - 1]
    return b64encode(encode([last.reception(day).sold, last.id])).decode()
