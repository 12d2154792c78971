"""The requests of the shop: pages, the same without HTML, and the lists that follow them (facts of the shop, 2 to 7).

The lists are asked by POST, unsigned. What a page says about how its list goes on is sent back as it is; the start
of a search's list is also known without its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import orjson

from tiktok.errors import MissingKnowledge, NoRequest
from tiktok.routes import Operation, Route
from tiktok.shop_targets import INDONESIA, SHOP_SITE, category_of, is_search_of_best_sellers
from tiktok.targets import Target, TargetKind

BEST_SELLERS = "ecom_sold_count"
"""The filter that sorts a search by pieces sold."""
EXCLUDED = "exclude_product_ids"
_LOADERS: Mapping[Operation, str] = {
    Operation.SHOP_PRODUCT: "(region)/pdp/(product_name_slug$)/(product_id)/page",
    Operation.SHOP_SEARCH: "(region)/(route_page_name)/page",
}
"""Keys of the router under which `__ssrDirect` has been seen to answer; those of other pages nobody has told."""
_SORTED = [{"filter_option_id": BEST_SELLERS}]
_SEARCH_COMPONENT = {"component_type": "feed_list", "component_name": "feed_list_search_word"}
_SEARCH_LIST = "/api/shop/brandy_desktop/s/product_list"
_STORE_LIST = "/api/shop/brandy_desktop/store/product_list"
_INDONESIAN_LIST = "/api/shop/home/product_list"


def page_address(operation: Operation, route: Route, target: Target, site: str) -> str:
    """The address of the page that shows what is asked; raise `NoRequest` where none does."""
    if route is Route.BROWSER and is_search_of_best_sellers(target):
        # Pages of searches come in the shop's own order, which says nothing of what sells. Their list can be asked.
        raise NoRequest(operation, route)
    return on_site(target.url, site)


def direct_address(operation: Operation, target: Target, site: str) -> str:
    """The address of a page's data without its HTML; raise `NoRequest` for pages whose key nobody has told."""
    if operation not in _LOADERS:
        raise NoRequest(operation, Route.SSR)
    page = on_site(target.url, site)
    mark = "&" if "?" in page else "?"
    return f"{page}{mark}__loader={quote(_LOADERS[operation], safe='')}&__ssrDirect=true"


def list_question(operation: Operation, target: Target, site: str, cursor: str | None) -> tuple[str, bytes]:
    """Where a list is asked for what follows the cursor, and the body of the POST.

    Raises `NoRequest` for lists that no known endpoint serves, `MissingKnowledge` where the page must come first.
    """
    place = read_cursor(cursor)
    if operation in (Operation.SHOP_CATEGORY, Operation.SHOP_TRENDING) and not is_search_of_best_sellers(
        target
    ):
        return on_site(INDONESIA + _INDONESIAN_LIST, site), _indonesian_body(operation, target, place)
    if operation is Operation.SHOP_STORE:
        if not place:
            raise MissingKnowledge("cursor")
        return on_site(SHOP_SITE + _STORE_LIST, site), _body(place)
    return on_site(SHOP_SITE + _SEARCH_LIST, site), _body(place or _start_of_search(target))


def next_cursor(before: str | None, told: str | None, target: Target, seen: list[str]) -> str | None:
    """The cursor with which a list goes on.

    An answer names the place but not the list, which the page before it has named. In Indonesia the place is all
    that was seen.
    """
    if target.region == "ID" and category_of(target):
        return orjson.dumps({EXCLUDED: seen}).decode() if seen else None
    is_feed = target.kind in (TargetKind.SHOP_CATEGORY, TargetKind.SHOP_TRENDING)
    if told is None or (is_feed and not is_search_of_best_sellers(target)):
        return None  # whatever the page says: nobody knows whom to ask
    place, known = read_cursor(told), read_cursor(before)
    if not place.get("component_info"):
        place["component_info"] = known.get("component_info") or _SEARCH_COMPONENT
    return orjson.dumps(place).decode()


def start_of_best_sellers(told: str | None) -> str | None:
    """Where a search's list begins anew in the order of pieces sold, by what its page said of going on."""
    place = read_cursor(told)
    if not place:
        return None
    place["load_more_params"] = {**place.get("load_more_params", {}), "offset": 0, "filters": _SORTED}
    return orjson.dumps(place).decode()


def read_cursor(cursor: str | None) -> dict[str, Any]:
    """A cursor's parts; none of one that is not ours."""
    try:
        parts = orjson.loads(cursor) if cursor else {}
    except orjson.JSONDecodeError:
        return {}
    return parts if isinstance(parts, dict) else {}


def on_site(url: str, site: str) -> str:
    """The same address on a stand-in, which has all the shop's hosts in one."""
    if site == SHOP_SITE:
        return url
    parts = urlsplit(url)
    return f"{site}{parts.path}{f'?{parts.query}' if parts.query else ''}"


def _body(place: Mapping[str, Any]) -> bytes:
    """Both parts are JSON, written as strings."""
    names = ("component_info", "load_more_params")
    return orjson.dumps({name: orjson.dumps(place.get(name) or {}).decode() for name in names})


def _start_of_search(target: Target) -> dict[str, Any]:
    params = {
        "offset": 0,
        "page_token": "",
        "api_source": 2,
        "search_word": target.word,
        "filters": _SORTED if is_search_of_best_sellers(target) else [],
        EXCLUDED: [],
        "seller_id": "",
    }
    return {"component_info": _SEARCH_COMPONENT, "load_more_params": params}


def _indonesian_body(operation: Operation, target: Target, place: Mapping[str, Any]) -> bytes:
    number = category_of(target)
    if target.region != "ID" or number is None:
        raise NoRequest(operation, Route.LIST)
    return orjson.dumps({"category_id": number, EXCLUDED: place.get(EXCLUDED, [])})
