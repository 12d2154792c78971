"""Everything the shop has, found by any of its names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from standin.world.accounts import CAST_SEED
from standin.world.ids import Space, read_id
from standin.world.shop.cast import CAST_SIZE, SHELF, SHELVES, SPECIALS
from standin.world.shop.categories import LEAVES
from standin.world.shop.fronts import FRONT_CALLED, STOREFRONTS, Storefront, front_of, place_of, share_of
from standin.world.shop.products import Product
from standin.world.shop.sellers import CAST_SELLERS, Seller, indexes_of_seller, seller_of_index

_US = STOREFRONTS[0]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The shop of one seed. Nothing is kept: a million products cost as much as one."""

    seed: int
    size: int
    """Ordinary products, beside the named ones."""

    @property
    def total(self) -> int:
        return CAST_SIZE + self.size

    def product(self, number: int) -> Product:
        """Return a product by its number, which must be below `total`."""
        return _product(number, self.seed)

    def product_with_id(self, product_id: str) -> Product | None:
        """Find a product by its id."""
        read = read_id(Space.PRODUCT, product_id)
        if read is None or read[1] >= self.total:
            return None
        product = self.product(read[1])
        return product if product.id == product_id else None

    def special(self, name: str) -> Product:
        """Return a named product."""
        return self.product(next(n for n, special in enumerate(SPECIALS) if special.name == name))

    def seller(self, number: int) -> Seller:
        """Return a seller by its number, whether or not the population is large enough for it."""
        return _seller(number, self.seed)

    def seller_with_id(self, seller_id: str) -> Seller | None:
        """Find a seller by its id; one without a product doesn't exist."""
        read = read_id(Space.SELLER, seller_id)
        if read is None or read[1] >= CAST_SELLERS + self.total * len(STOREFRONTS):
            return None
        seller = self.seller(read[1])
        return seller if seller.id == seller_id and self.products_of(seller) else None

    def products_of(self, seller: Seller) -> list[Product]:
        """Return what a seller has, those included that no list shows."""
        if seller.number < len(SHELVES):
            return [self.product(number) for number in shelf(SHELVES[seller.number])]
        if seller.number < CAST_SELLERS:
            named = range(len(SPECIALS))
            return [self.product(number) for number in named if SPECIALS[number].front == seller.front.code]
        last = min(seller.indexes.stop, self.count(seller.front))
        return [self.nth(seller.front, index) for index in range(seller.indexes.start, last)]

    def count(self, front: Storefront) -> int:
        """Return how many ordinary products a storefront has."""
        return share_of(front, self.size)

    def nth(self, front: Storefront, index: int) -> Product:
        """Return a storefront's index-th ordinary product."""
        return self.product(CAST_SIZE + place_of(front, index))

    def in_leaves(self, front: Storefront, leaves: range, most: int) -> list[Product]:
        """Return the first ordinary products of some leaves, in turns."""
        found: list[Product] = []
        for turn in range(-(-self.count(front) // len(LEAVES))):
            for leaf in leaves:
                index = turn * len(LEAVES) + leaf
                if len(found) == most:
                    return found
                if index < self.count(front):
                    found.append(self.nth(front, index))
        return found

    def ordinary_ids(self, count: int) -> Iterator[str]:
        """Name the first so many ordinary products."""
        for number in range(CAST_SIZE, CAST_SIZE + count):
            yield self.product(number).id


def shelf(leaf: int) -> range:
    """Return the numbers of the products on a leaf's full shelf; none for most leaves."""
    if leaf not in SHELVES:
        return range(0)
    first = len(SPECIALS) + SHELVES.index(leaf) * SHELF
    return range(first, first + SHELF)


@lru_cache(maxsize=8192)
def _product(number: int, seed: int) -> Product:
    if number < len(SPECIALS):
        special = SPECIALS[number]
        front = FRONT_CALLED[special.front]
        seller = len(SHELVES) + STOREFRONTS.index(front)
        return Product(number, CAST_SEED, front, special.leaf, seller, special)
    if number < CAST_SIZE:
        place = (number - len(SPECIALS)) // SHELF
        return Product(number, CAST_SEED, _US, SHELVES[place], place)
    front, index = front_of(number - CAST_SIZE)
    return Product(number, seed, front, index % len(LEAVES), seller_of_index(front, index))


@lru_cache(maxsize=2048)
def _seller(number: int, seed: int) -> Seller:
    if number < len(SHELVES):
        return Seller(number, CAST_SEED, _US, range(0))
    if number < CAST_SELLERS:
        return Seller(number, CAST_SEED, STOREFRONTS[number - len(SHELVES)], range(0))
    return Seller(number, seed, *indexes_of_seller(number))
