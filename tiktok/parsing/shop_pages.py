"""Pages of the shop (`__MODERN_ROUTER_DATA__`) and the same data without HTML (`__ssrDirect`) (facts of the shop, 3).

A page is put together from components. Everything is found by its shape: keys of routes, names and places of
components change, and some components come later, without their data. A page with a product component is about
that product; other products on it are advertising. All other pages are lists.

Seen: 2025-07 and 2026-09 (product pages). Search, category and store pages as peers read them, 2025 to 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import orjson

from tiktok.items import Item, Product, Seller
from tiktok.parsing.results import ListPage, Parsed, distinct
from tiktok.parsing.rows import parse_list
from tiktok.parsing.shop_listings import ListReader, is_listed_product
from tiktok.parsing.shop_products import parse_product
from tiktok.parsing.shop_sellers import parse_seller
from tiktok.parsing.shop_values import region_code
from tiktok.parsing.values import Json, Object, filled, first, integer, mapping, objects, url
from tiktok.shop_targets import product_url

REGION_LOCKED = 23_002_102
"""`error_code` of a product that isn't shown in the visitor's country."""
DEEPEST = 6
"""Levels below a component's data in which rows are looked for: category pages nest them."""
_LIST_KEYS = ("products", "productList")


class Refusal(StrEnum):
    """Why a product page that could be read tells no product."""

    REGION = "region"
    GONE = "gone"


def is_shop_page(payload: Json) -> bool:
    """The router's frame around a page of the shop."""
    return bool(_page_node(mapping(payload).get("loaderData")))


def parse_shop_page(payload: Json) -> Parsed:
    """Read the page that the router loaded."""
    return parse_shop_node(_page_node(mapping(payload).get("loaderData")))


def is_shop_node(payload: Json) -> bool:
    """What `__ssrDirect` answers: the page's node without a frame."""
    return _is_node(mapping(payload))


def parse_shop_node(payload: Json) -> Parsed:
    """Read a page's node."""
    node = mapping(payload)
    found = _product_component(node)
    parsed = Parsed(items=parse_product(found)) if found is not None else _parse_lists(node)
    _complete(parsed.items, node)
    return parsed


def shop_refusal(payload: Json) -> Refusal | None:
    """Why the page tells no product although its product component is there, with its data."""
    root = mapping(payload)
    node = _page_node(root.get("loaderData")) or (root if _is_node(root) else {})
    component = _product_component(node)
    if component is None:
        return None
    beside = mapping(mapping(mapping(node.get("page_config")).get("global_data")).get("product_info"))
    speakers = (component, mapping(component.get("product_info")), beside)
    if any(integer(speaker.get("error_code")) == REGION_LOCKED for speaker in speakers):
        return Refusal.REGION
    return None if parse_product(component) else Refusal.GONE


def is_abroad(payload: Json) -> bool:
    """True on a storefront of another country than the visitor's, whose searches then show nothing."""
    root = mapping(payload)
    regions = mapping((_page_node(root.get("loaderData")) or root).get("region_info"))
    shown, real = region_code(regions.get("path_region")), region_code(regions.get("real_region"))
    return regions.get("real_region_source") == "IP" and None not in (shown, real) and shown != real


def paging(component: Object, more: Json) -> str | None:
    """The cursor that asks for what follows: the place in the list, and which list it is."""
    place = _load_more(more)
    if not place:
        return None
    names = ("component_type", "component_name", "fe_config")
    which = {name: component[name] for name in names if name in component}
    return orjson.dumps({"component_info": which, "load_more_params": place}).decode()


def _load_more(value: Json) -> Json:
    """`load_more_params`: an object, or one written as a string."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
    return value if isinstance(value, dict) and value else None


def _page_node(loaded: Json) -> Object:
    """Of what the router loaded, the part with the page: which key it has depends on the address."""
    return next(filter(_is_node, map(mapping, mapping(loaded).values())), {})


def _is_node(node: Object) -> bool:
    return isinstance(node.get("page_config"), dict) or isinstance(_early_record(node), dict)


def _early_record(node: Object) -> Json:
    return mapping(node.get("initialData")).get("productInfo")


def _components(node: Object) -> list[Object]:
    """A list; two peers have met an object."""
    components = mapping(node.get("page_config")).get("components_map")
    return objects(list(components.values()) if isinstance(components, dict) else components)


def _product_component(node: Object) -> Object | None:
    """The data of the component that is about the page's product; `None` when it isn't there, or comes later."""
    record = _early_record(node)
    if isinstance(record, dict):
        return {"product_info": record}
    for component in _components(node):
        data = component.get("component_data")
        is_named = "product_info" in (component.get("component_type"), component.get("component_name"))
        if isinstance(data, dict) and ("product_info" in data or (is_named and data)):
            return data
    return None


def _parse_lists(node: Object) -> Parsed:
    """Read all lists of the page as one; the one that a search or store is about says how it goes on."""
    parts: list[Parsed] = []
    shops: list[Item] = []
    reader = ListReader()
    for component in _components(node):
        data = mapping(component.get("component_data"))
        if shop := parse_seller({}, mapping(data.get("shop_info"))):
            shops.append(shop)
        if rows := _rows(data):
            parts.append(_parse_rows(component, data, rows, reader))
    if len(parts) == 1 and not shops:
        return parts[0]
    return _joined(parts, shops)


def _joined(parts: list[Parsed], shops: list[Item]) -> Parsed:
    """Several lists as one; what a shop says of itself is more than its products say."""
    pages = [parsed.page for parsed in parts if parsed.page]
    if not pages:
        return Parsed(items=shops)
    items = [item for parsed in parts for item in parsed.items]
    listed = [item for item in items if isinstance(item, Product)]
    leading = next((page for page in pages if page.cursor), pages[0])
    return Parsed(
        items=distinct([*listed, *shops, *items]),
        page=ListPage(
            keys=list(dict.fromkeys(key for page in pages for key in page.keys)),
            cursor=leading.cursor,
            has_more=_more_of_all(pages),
            lists=len(pages),
        ),
        defects=[defect for parsed in parts for defect in parsed.defects],
    )


def _more_of_all(pages: list[ListPage]) -> bool | None:
    """More where one list has more; no more where all of them say so."""
    told = [page.has_more for page in pages]
    return True if True in told else None if None in told else False


def _parse_rows(
    component: Object, data: Object, rows: tuple[str, Json, Object], reader: ListReader
) -> Parsed:
    path, listed, holder = rows
    name = first(component.get("component_name"), component.get("component_type")) or "component"
    parsed = parse_list(
        listed,
        f"{name}.{path}",
        reader.read,
        has_more=first_told(holder, data, "has_more", "hasMore"),
    )
    assert parsed.page
    parsed.page.cursor = paging(component, first_told(holder, data, "load_more_params"))
    return parsed


def first_told(holder: Object, data: Object, *names: str) -> Json:
    """The first value that one of two objects has under one of these names."""
    return next((each[name] for each in (holder, data) for name in names if name in each), None)


def _rows(data: Object) -> tuple[str, Json, Object] | None:
    """Where a component's rows stand: path, value, and the object that holds them."""
    for name in _LIST_KEYS:
        if name in data:
            return name, data[name], data
    return next(_nested_rows(data, "", DEEPEST), None)


def _nested_rows(holder: Object, path: str, levels: int) -> Iterator[tuple[str, Json, Object]]:
    for name, value in holder.items():
        if isinstance(value, list) and value and is_listed_product(value[0]):
            yield f"{path}{name}", value, holder
        elif isinstance(value, dict) and levels:
            yield from _nested_rows(value, f"{path}{name}.", levels - 1)


def _complete(items: list[Item], node: Object) -> None:
    """Add what the page says of itself: its address, its country."""
    route, regions = mapping(node.get("route_info")), mapping(node.get("region_info"))
    region = region_code(first(regions.get("sale_region"), regions.get("path_region")))
    for item in items:
        if isinstance(item, Product | Seller):
            item.region = item.region or region
        if isinstance(item, Product) and item.url is None:
            item.url = _address(route, item.id) or product_url(item.id)


def _address(route: Object, product_id: str) -> str | None:
    told = filled(route.get("canonical_url")) or filled(route.get("request_url"))
    address = url(told.partition("?")[0]) if told else None
    return address if address and product_id in address else None
