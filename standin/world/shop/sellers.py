"""Sellers: each belongs to one storefront, and has a row of its products."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from standin.dice import draw, magnitude, pick
from standin.world.counters import followed
from standin.world.ids import Space, make_id
from standin.world.shop.fronts import STOREFRONTS, Storefront
from standin.world.shop.words import MAKERS, SHOPS

_EARLIEST, _SPAN = 1_745_100_000, 3_000_000
"""Upper halves of seller ids: they begin with 7495, as many real ones do."""

SIZES = (8, 20, 36, 56)
"""Products of four sellers in a row."""
BLOCK = sum(SIZES)
CAST_SELLERS = 2 + len(STOREFRONTS)
"""The two full shelves' sellers, and for each storefront one of the named products."""


@dataclass(frozen=True, eq=False)
class Seller:
    """One seller."""

    number: int
    seed: int
    front: Storefront
    indexes: range
    """Which of its storefront's products are its own; none for the named sellers."""

    @cached_property
    def words(self) -> tuple[int, ...]:
        return draw(self.seed, "seller", self.number)

    @cached_property
    def id(self) -> str:
        return make_id(Space.SELLER, _EARLIEST + self.words[0] % _SPAN, self.number)

    @property
    def name(self) -> str:
        if self.number in (0, 1):
            return ("Case Harbour", "Second Ear Audio")[self.number]
        if self.number < CAST_SELLERS:
            return f"Cabinet of Oddities {self.front.region}"
        return f"{pick(MAKERS, self.words[1])} {pick(SHOPS, self.words[2])} {self.number}"

    @property
    def slug(self) -> str:
        return "-".join(self.name.lower().replace("&", " ").split())

    def followers(self, day: int) -> int:
        return followed(magnitude(self.words[3], 1, 5), day, 5 + self.words[4] % 40)


def seller_of_index(front: Storefront, index: int) -> int:
    """Return the number of the seller of a storefront's index-th product."""
    block, rest = divmod(index, BLOCK)
    member = next(n for n in range(len(SIZES)) if rest < sum(SIZES[: n + 1]))
    return CAST_SELLERS + (block * len(SIZES) + member) * len(STOREFRONTS) + STOREFRONTS.index(front)


def indexes_of_seller(number: int) -> tuple[Storefront, range]:
    """Return whose storefront an ordinary seller belongs to, and which of its products are the seller's."""
    place, front = divmod(number - CAST_SELLERS, len(STOREFRONTS))
    block, member = divmod(place, len(SIZES))
    first = block * BLOCK + sum(SIZES[:member])
    return STOREFRONTS[front], range(first, first + SIZES[member])
