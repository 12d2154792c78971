"""Answers of the shop's JSON endpoints, and its rows as resellers pass them on (facts of the shop, 5 to 7).

Seen: 2025-06 ID (`productList`), 2025-08 US (search and store, in a reseller's frame), 2026 GB (one row alone);
`data.products` with `load_more_params` as peers read it.
"""

from __future__ import annotations

from tiktok.items import Product
from tiktok.parsing.results import Parsed, distinct
from tiktok.parsing.rows import parse_list
from tiktok.parsing.shop_listings import ListReader, is_listed_product
from tiktok.parsing.shop_pages import first_told, paging
from tiktok.parsing.shop_sellers import parse_seller
from tiktok.parsing.values import Json, Object, integer, mapping

_LISTS = ("products", "productList")
REFUSED = 100_000
"""`code` of an answer without data: the request's token is missing or has expired."""


def is_product_list(payload: Json) -> bool:
    """`data.products`, in Indonesia `data.productList`."""
    answer = mapping(payload)
    data = mapping(answer.get("data"))
    return "code" in answer and any(name in data for name in (*_LISTS, "load_more_params"))


def parse_product_list(payload: Json) -> Parsed:
    """Read a page of products. In Indonesia nothing but what was seen tells where it goes on."""
    data = mapping(mapping(payload).get("data"))
    name = next((name for name in _LISTS if name in data), _LISTS[0])
    parsed = parse_list(
        data.get(name),
        f"data.{name}",
        ListReader().read,
        has_more=first_told(data, {}, "has_more", "hasMore"),
    )
    assert parsed.page
    parsed.page.cursor = paging({}, data.get("load_more_params"))
    return parsed


def is_shop_refusal(payload: Json) -> bool:
    """A code other than 0, in an answer without data."""
    return isinstance(payload, dict) and bool(integer(payload.get("code"))) and not payload.get("data")


def refusal_code(payload: Json) -> int | None:
    """The code with which an endpoint of the shop refuses."""
    return integer(mapping(payload).get("code")) if is_shop_refusal(payload) else None


def is_resold_products(payload: Json) -> bool:
    """Rows of the shop below a key of their own; the shop itself wraps them in `data`."""
    answer = mapping(payload)
    rows = answer.get("products")
    return isinstance(rows, list) and bool(rows) and is_listed_product(rows[0])


def parse_resold_products(payload: Json) -> Parsed:
    """Read the rows; a reseller's cursor is its own."""
    answer = mapping(payload)
    parsed = parse_list(
        answer.get("products"), "products", ListReader().read, has_more=answer.get("has_more")
    )
    shop = parse_seller({}, _shop(answer))
    if shop:
        rows = [item for item in parsed.items if isinstance(item, Product)]
        parsed.items = distinct([*rows, shop, *parsed.items])
    return parsed


def _shop(answer: Object) -> Object:
    return mapping(answer.get("shopInfo")) or mapping(answer.get("shop_info"))


def parse_lone_product(payload: Json) -> Parsed:
    """Read one listed product."""
    items = ListReader().read(mapping(payload))
    return Parsed(items=items, defects=[] if items else ["product_id"])
