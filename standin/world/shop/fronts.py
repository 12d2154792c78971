"""Storefronts: one per country, each with its money and its share of the products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Storefront:
    """The shop of one country."""

    code: str
    """As in addresses, for example `us`."""
    currency: str
    symbol: str
    decimals: int
    """Digits behind the point; a price is a whole number of the smallest unit."""
    rate: int
    """Smallest units that 100 US cents are worth, roughly."""
    step: int = 1
    """Prices are multiples of so many smallest units."""
    point: str = "."
    group: str = ","
    share: int = 1
    """Products it has in each round of `ROUND`."""

    @property
    def region(self) -> str:
        return self.code.upper()

    def price(self, cents: int) -> int:
        """Return what so many US cents are here, in smallest units."""
        return max(self.step, cents * self.rate // 100 // self.step * self.step)


STOREFRONTS = (
    Storefront("us", "USD", "$", 2, 100, share=9),
    Storefront("gb", "GBP", "£", 2, 79),
    Storefront("id", "IDR", "Rp", 0, 16_000, 500, ",", "."),
    Storefront("my", "MYR", "RM", 2, 440),
    Storefront("th", "THB", "฿", 2, 3_400),
    Storefront("vn", "VND", "₫", 0, 25_000, 1_000, ",", "."),
    Storefront("ph", "PHP", "₱", 2, 5_700),
    Storefront("sg", "SGD", "S$", 2, 134),
    Storefront("es", "EUR", "€", 2, 92, point=",", group="."),
    Storefront("ie", "EUR", "€", 2, 92),
    Storefront("it", "EUR", "€", 2, 92, point=",", group="."),
    Storefront("de", "EUR", "€", 2, 92, point=",", group="."),
    Storefront("fr", "EUR", "€", 2, 92, point=",", group=" "),
    Storefront("jp", "JPY", "¥", 0, 150, 10),
    Storefront("br", "BRL", "R$", 2, 540, point=",", group="."),
    Storefront("mx", "MXN", "$", 2, 1_850),
)
"""All countries of facts §2, in the order in which products are dealt out to them."""

FRONT_CALLED: Mapping[str, Storefront] = {front.code: front for front in STOREFRONTS}
ROUND = sum(front.share for front in STOREFRONTS)
"""Products dealt out before the first storefront gets some again."""
FIRST_IN_ROUND = {
    front.code: sum(before.share for before in STOREFRONTS[:place]) for place, front in enumerate(STOREFRONTS)
}
_FRONT_AT = tuple(front for front in STOREFRONTS for _ in range(front.share))


def front_of(place: int) -> tuple[Storefront, int]:
    """Return whose product stands at a place among all, and which of its own it is."""
    turn, rest = divmod(place, ROUND)
    front = _FRONT_AT[rest]
    return front, turn * front.share + rest - FIRST_IN_ROUND[front.code]


def place_of(front: Storefront, index: int) -> int:
    """Return where a storefront's index-th product stands among all."""
    turn, rest = divmod(index, front.share)
    return turn * ROUND + FIRST_IN_ROUND[front.code] + rest


def share_of(front: Storefront, total: int) -> int:
    """Return how many of so many products a storefront has."""
    turns, rest = divmod(total, ROUND)
    return turns * front.share + max(0, min(front.share, rest - FIRST_IN_ROUND[front.code]))
