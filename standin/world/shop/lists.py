"""Lists of products: what a search, a category, a store and the front page show. All end after some hundred."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from standin.dice import draw
from standin.world.shop.catalogue import Catalogue, shelf
from standin.world.shop.categories import Category, leaf_for
from standin.world.shop.fronts import FRONT_CALLED, Storefront
from standin.world.shop.products import Product
from standin.world.shop.sellers import Seller

SEARCH_DEPTH = 300
"""No search shows more, however much there is."""
FEED_DEPTH = 110
"""A category's feed ends here; the categories below have the rest."""
HOME_DEPTH = 90
NOTHING = "nothing"
"""A search that begins with this word finds nothing: its feed is empty."""
NOWHERE = "nowhere"
"""A search that begins with this word finds nothing: its page has no feed."""

Sort = Callable[[Product, int], int]
SORTS: dict[str, Sort] = {
    "ecom_sold_count": lambda product, day: -product.reception(day).sold,
    "ecom_price|ASC": lambda product, day: product.offers(day)[0].sale,
    "ecom_price|DESC": lambda product, day: -product.offers(day)[0].sale,
    "ecom_publish_time": lambda product, _day: -int(product.id),
}
"""What the filters of facts §5 put first."""


def searched(
    catalogue: Catalogue, front: Storefront, words: str, filters: Sequence[str], day: int
) -> tuple[Product, ...]:
    """Return what a search shows, the same for the same words."""
    return _searched(catalogue, front.code, " ".join(words.lower().split()), tuple(filters), day)


@lru_cache(maxsize=256)
def _searched(
    catalogue: Catalogue, front_code: str, words: str, filters: tuple[str, ...], day: int
) -> tuple[Product, ...]:
    front = FRONT_CALLED[front_code]
    products = _matching(catalogue, front, words)
    for wish in filters:
        products = _filtered(products, front, wish, day)
    return tuple(products)


def _matching(catalogue: Catalogue, front: Storefront, words: str) -> list[Product]:
    if not words or words.startswith((NOTHING, NOWHERE)):
        return []
    leaf = leaf_for(words)
    if leaf is None:
        return _somewhere(catalogue, front, words)
    full = [catalogue.product(number) for number in shelf(leaf)] if front.code == "us" else []
    return full + catalogue.in_leaves(front, range(leaf, leaf + 1), SEARCH_DEPTH - len(full))


def _somewhere(catalogue: Catalogue, front: Storefront, words: str) -> list[Product]:
    """Return products for words that name none: every search finds something."""
    drawn = draw(catalogue.seed, "shop search", words)
    count = catalogue.count(front)
    if not count:
        return []
    places = range(drawn[0] % count, count, 1 + drawn[1] % 5)
    return [catalogue.nth(front, index) for index in places[: 31 + drawn[2] % 90]]


def _filtered(products: Iterable[Product], front: Storefront, wish: str, day: int) -> list[Product]:
    """Sort by one of `SORTS`, or keep a price range (`ecom_price_stat|30,40`); another filter changes nothing."""
    if sort := SORTS.get(wish):
        return sorted(products, key=lambda product: sort(product, day))
    name, _, bounds = wish.partition("|")
    numbers = [int(bound) for bound in bounds.split(",") if bound.isdigit()]
    if name != "ecom_price_stat" or len(numbers) != 2:  # from, to
        return list(products)
    low, high = (number * 10**front.decimals for number in numbers)
    return [product for product in products if low <= product.offers(day)[0].sale <= high]


@lru_cache(maxsize=256)
def in_category(catalogue: Catalogue, front_code: str, category: Category) -> tuple[Product, ...]:
    """Return a category's feed."""
    return tuple(catalogue.in_leaves(FRONT_CALLED[front_code], category.leaves, FEED_DEPTH))


@lru_cache(maxsize=256)
def in_store(catalogue: Catalogue, seller: Seller, day: int) -> tuple[Product, ...]:
    """Return what a store shows, the best-selling first."""
    listed = [product for product in catalogue.products_of(seller) if product.is_listed]
    return tuple(sorted(listed, key=lambda product: (-product.reception(day).sold, product.id)))


@lru_cache(maxsize=64)
def popular(catalogue: Catalogue, front_code: str, day: int) -> tuple[Product, ...]:
    """Return the front page's feed: best sellers of the day."""
    return tuple(_candidates(catalogue, front_code, lambda product: -product.reception(day).sold))


@lru_cache(maxsize=64)
def savings(catalogue: Catalogue, front_code: str, day: int) -> tuple[Product, ...]:
    """Return the front page's second feed: the largest discounts of the day."""
    return tuple(_candidates(catalogue, front_code, lambda product: -product.offers(day)[0].percent))


def _candidates(catalogue: Catalogue, front_code: str, key: Callable[[Product], int]) -> list[Product]:
    front = FRONT_CALLED[front_code]
    some = [catalogue.nth(front, index) for index in range(min(SEARCH_DEPTH, catalogue.count(front)))]
    return sorted(some, key=key)[:HOME_DEPTH]
