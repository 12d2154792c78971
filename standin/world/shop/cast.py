"""The named products: each has one property that a crawler must handle, and is the same under every seed.

Behind them stand two full shelves, so that the searches of the API's documentation always find enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SHELF = 70
"""Products on each full shelf."""
SHELVES = (0, 2)
"""Their leaves: phone cases and headphones, in the United States."""


class Shape(StrEnum):
    """How a product's own page writes it (facts §1.3)."""

    A = "A"
    B = "B"
    C = "C"


class Quirk(StrEnum):
    """What is unusual about a product."""

    RANGE = "range"
    NO_REVIEWS = "no_reviews"
    MASKED = "masked"
    HALF_MASKED = "half_masked"
    REMOVED = "removed"
    LOCKED = "locked"
    FIRST_ORDER = "first_order"
    NAMELESS_SHOP = "nameless_shop"
    PLAIN_SEO = "plain_seo"
    COUNT_AS_NUMBER = "count_as_number"
    SOLD_OUT = "sold_out"
    BIG = "big"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """A named product and what is special about it."""

    name: str
    about: str
    """What it is for, in the words of `docs/standin.md`."""
    front: str = "us"
    leaf: int = 14
    shape: Shape | None = None
    quirk: Quirk | None = None


SPECIALS = (
    Special(name="shape_a", about="a page of shape A, whatever the setting", shape=Shape.A),
    Special(name="shape_b", about="a page of shape B", shape=Shape.B),
    Special(name="shape_c", about="a page of shape C", shape=Shape.C),
    Special(name="range_a", about="a price range, in shape A", shape=Shape.A, quirk=Quirk.RANGE),
    Special(name="range_b", about="a price range, in shape B", shape=Shape.B, quirk=Quirk.RANGE),
    Special(name="no_reviews", about="sold, never reviewed: score 0, count 0", quirk=Quirk.NO_REVIEWS),
    Special(name="masked", about="every price masked, for everybody", quirk=Quirk.MASKED),
    Special(
        name="half_masked", about="masked but for `single_product_price_decimal`", shape=Shape.B,
        quirk=Quirk.HALF_MASKED,
    ),
    Special(name="removed", about="taken down: a page without the product", quirk=Quirk.REMOVED),
    Special(name="locked", about="not available in the visitor's country (23002102)", quirk=Quirk.LOCKED),
    Special(
        name="first_order", about="a first order costs 0.01", front="my", shape=Shape.B, quirk=Quirk.FIRST_ORDER
    ),
    Special(name="nameless_shop", about="lists leave out its shop's name", quirk=Quirk.NAMELESS_SHOP),
    Special(name="plain_seo", about="`seo_url` is a host-relative string", quirk=Quirk.PLAIN_SEO),
    Special(name="count_as_number", about="`review_count` is a number", quirk=Quirk.COUNT_AS_NUMBER),
    Special(name="sold_out", about="no stock in any variant", quirk=Quirk.SOLD_OUT),
    Special(name="big", about="sold more often than 32 bits can say", quirk=Quirk.BIG),
    Special(name="texts", about="emoji, right-to-left text and markup in its title", quirk=Quirk.TEXTS),
    Special(name="indonesian", about="sold in Indonesia: whole rupiahs", front="id", leaf=2),
    Special(name="vietnamese", about="sold in Vietnam: a slug with diacritics", front="vn", leaf=0, shape=Shape.B),
    Special(name="brazilian", about="sold in Brazil: decimal comma in texts", front="br", leaf=2, shape=Shape.B),
    Special(name="british", about="sold in Great Britain", front="gb", shape=Shape.B),
)  # fmt: skip

CAST_SIZE = len(SPECIALS) + SHELF * len(SHELVES)
"""Products with a lower number are named or on a full shelf; the others are the many."""
