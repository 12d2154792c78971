"""Products: what they are called, what they cost on a day, how often they were sold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from unicodedata import combining, normalize

from standin.dice import draw, magnitude, pick
from standin.world.counters import followed
from standin.world.ids import Space, make_id
from standin.world.shop.cast import Quirk, Shape, Special
from standin.world.shop.categories import LEAVES, Leaf
from standin.world.shop.fronts import Storefront
from standin.world.shop.words import COLOURS, MAKERS, QUALITIES, REMARKS, SIZES, UNUSUAL_TITLE

_EARLIEST, _SPAN = 402_653_184, 700_000
"""Upper halves of product ids: they begin with 1729 to 1732, as the real ones do."""
_MOST_SKUS = 6
_DEAREST_EXTRA_PERCENT = 12
"""How much dearer each further variant is, where prices differ."""
_MANY = 4_512_345_678
_NOT_A_SLUG = re.compile(r"[^\w]+")
_STOCK = (0, 3, 25, 100, 2, 8)


class Offer(NamedTuple):
    """What a variant costs, in the smallest unit of its storefront's money."""

    sale: int
    origin: int | None
    """Before the discount; nothing where there is none."""
    single: int
    """Without the discount for a first order."""

    @property
    def percent(self) -> int:
        """The discount, in whole percent."""
        return (self.origin - self.sale) * 100 // self.origin if self.origin else 0


class Sku(NamedTuple):
    """One variant."""

    id: str
    colour: str
    size: str
    stock: int
    status: int
    """1 is sellable; 0 and 2 occur."""


class Reception(NamedTuple):
    """How a product did up to a day."""

    sold: int
    reviews: int
    score: int
    """Stars times ten; 0 without reviews."""


@dataclass(frozen=True, eq=False)
class Product:
    """One product of one storefront."""

    number: int
    seed: int
    front: Storefront
    leaf_number: int
    seller: int
    """Number of its seller."""
    special: Special | None = None

    @cached_property
    def words(self) -> tuple[int, ...]:
        """The numbers its traits are drawn from."""
        return draw(self.seed, "product", self.number)

    @cached_property
    def id(self) -> str:
        return make_id(Space.PRODUCT, _EARLIEST + self.words[0] % _SPAN, self.number)

    @property
    def leaf(self) -> Leaf:
        return LEAVES[self.leaf_number]

    @property
    def quirk(self) -> Quirk | None:
        return self.special.quirk if self.special else None

    @property
    def is_listed(self) -> bool:
        """Whether lists show it at all."""
        return self.quirk not in (Quirk.REMOVED, Quirk.LOCKED)

    @cached_property
    def title(self) -> str:
        if self.quirk is Quirk.TEXTS:
            return UNUSUAL_TITLE
        words = self.words
        noun = self.leaf.local.get(self.front.code) or pick(self.leaf.nouns, words[1])
        return f"{pick(MAKERS, words[2])} {pick(QUALITIES, words[3])} {noun}, {pick(REMARKS, words[4])}"

    @cached_property
    def slug(self) -> str:
        """The title as addresses have it: accents go, letters of other scripts stay."""
        plain = "".join(letter for letter in normalize("NFKD", self.title) if not combining(letter))
        return _NOT_A_SLUG.sub("-", plain.lower()).strip("-")[:80]

    @property
    def shape(self) -> Shape:
        """The shape its page has where nothing else is set."""
        if self.special and self.special.shape:
            return self.special.shape
        return pick((Shape.B, Shape.B, Shape.A, Shape.B, Shape.A, Shape.C), self.words[5])

    @cached_property
    def is_range(self) -> bool:
        """Whether its variants differ in price."""
        if self.quirk is not None or (self.special and self.special.shape):
            return self.quirk is Quirk.RANGE
        return self.words[6] % 4 == 0

    @cached_property
    def skus(self) -> tuple[Sku, ...]:
        """Its variants; one that prices a range has several."""
        count = 1 + self.words[7] % _MOST_SKUS
        if self.is_range:
            count = max(2, count)
        return tuple(self._sku(number) for number in range(count))

    def offers(self, day: int) -> tuple[Offer, ...]:
        """Return what its variants cost on a day, the cheapest first."""
        base, percent = self._base(day), self._discount(day)
        offers = []
        for number in range(len(self.skus)):
            cents = base * (100 + _DEAREST_EXTRA_PERCENT * number * self.is_range) // 100
            origin = self.front.price(cents)
            sale = self.front.price(cents * (100 - percent) // 100) if percent else origin
            first = 1 if self.quirk is Quirk.FIRST_ORDER else sale
            offers.append(Offer(first, origin if origin > first else None, sale))
        return tuple(offers)

    def reception(self, day: int) -> Reception:
        """How it did up to a day."""
        words = self.words
        if self.quirk is None and words[8] % 12 == 0:
            return Reception(words[9] % 9 + words[10] % 2 * day, 0, 0)
        sold = _MANY if self.quirk is Quirk.BIG else magnitude(words[9], 1, 4)
        sold = followed(sold, day, 20 + words[10] % 80) + words[10] % 3 * day
        reviews = 0 if self.quirk is Quirk.NO_REVIEWS else max(1, sold * (3 + words[11] % 10) // 100)
        return Reception(sold, reviews, 36 + words[12] % 15 if reviews else 0)

    @property
    def pictures(self) -> int:
        return 3 + self.words[13] % 7

    def _sku(self, number: int) -> Sku:
        words = draw(self.seed, "sku", self.number, number)
        sold_out = self.quirk is Quirk.SOLD_OUT
        return Sku(
            id=make_id(Space.SKU, _EARLIEST + words[0] % _SPAN, self.number * _MOST_SKUS + number),
            colour=COLOURS[number % len(COLOURS)],
            size=pick(SIZES, self.words[14]),
            stock=0 if sold_out else 5 if number == 0 else pick(_STOCK, words[1]),
            status=0 if sold_out else 1 if number == 0 else (1, 1, 1, 2, 1, 0)[words[2] % 6],
        )

    def _base(self, day: int) -> int:
        """Return the undiscounted price in US cents: it moves by some percent every few days."""
        words = self.words
        pace = 3 + words[15] % 9
        wave = draw(self.seed, "price", self.number, (day + words[15] % pace) // pace)[0]
        leaf = self.leaf
        cents = leaf.cheapest + words[14] % (leaf.dearest - leaf.cheapest)
        return max(50, cents * (94 + wave % 13) // 100)

    def _discount(self, day: int) -> int:
        """Return the discount in percent: a campaign lasts two weeks, and a third of the products are never in one."""
        words = self.words
        if self.special and self.special.shape:
            return 25
        if self.quirk is None and words[11] % 3 == 0:
            return 0
        campaign = draw(self.seed, "campaign", self.number, (day + words[0] % 14) // 14)
        return 0 if campaign[0] % 4 == 0 else 5 + campaign[1] % 56
