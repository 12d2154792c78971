"""Searches, categories, stores and the front page: the first thirty products, and how to ask for more."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from standin.pages.shop.answers import (
    CC,
    front_of_path,
    front_of_visitor,
    in_served_country,
    is_served,
    out_of_the_shop,
    shop_page,
    shown_now,
    surroundings,
)
from standin.site import site_of
from standin.wire.shop.addresses import SHOP, category_url
from standin.wire.shop.documents import Page, component, page_config
from standin.wire.shop.feeds import PAGE, Place, feed_data, store_cursor
from standin.wire.shop.stores import shop_info
from standin.world.shop.categories import CATEGORIES, Category, children_of, path_to
from standin.world.shop.fronts import FRONT_CALLED, Storefront
from standin.world.shop.lists import NOWHERE, in_category, in_store, popular, savings, searched
from standin.world.shop.products import Product

routes = web.RouteTableDef()

SEARCH_FEED = {
    "is_main_feed": True,
    "show_empty_page": True,
    "empty_text": {"title": "No results found", "sub_title": "Try another search"},
    "data_source": {"type": "search_word", "params": {"count": PAGE, "clamp": True}},
}
HOME_FEEDS = {"popular": popular, "savings": savings}
"""Feeds of the front page; links there say `enter_method=homepage_product_feed_` and the name."""
_SEARCH_ROUTE = "(region)/(route_page_name)/page"


@routes.get(f"/{CC}/s")
@in_served_country
async def search_page(request: web.Request, front: Storefront) -> web.Response:
    """Return a search's page; `page` skips whole ones."""
    text = request.query.get("page", "1")
    number = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return _searched_page(request, front, request.query.get("q", ""), _SEARCH_ROUTE, (number - 1) * PAGE)


@routes.get("/shop/s/{words}")
@in_served_country
async def old_search_page(request: web.Request, front: Storefront) -> web.Response:
    """Return a search's page under the address of 2025."""
    return _searched_page(
        request, front, request.match_info["words"], "shop/(route_page_name)/(keyword)/page"
    )


@routes.get(f"/{CC}/k/{{slug}}")
@in_served_country
async def keyword_page(request: web.Request, front: Storefront) -> web.Response:
    """Return the landing page of a keyword."""
    return _searched_page(request, front, request.match_info["slug"].replace("-", " "), _SEARCH_ROUTE)


@routes.get("/shop/c")
@routes.get(f"/shop/{CC}/c")
@in_served_country
async def category_index(request: web.Request, front: Storefront) -> web.Response:
    """Return the list of categories."""
    tab = {"children": _children("0")}
    return _page(
        request, front, "category_index", [component("categories_tab", tab)], "shop/(region$)/c/page"
    )


@routes.get("/shop/c/{slug}/{id}")
@routes.get(f"/shop/{CC}/c/{{slug}}/{{id}}")
@routes.get(f"/{CC}/c/{{slug}}/{{id}}")
@in_served_country
async def category_page(request: web.Request, front: Storefront) -> web.Response:
    """Return a category's page."""
    category = CATEGORIES.get(request.match_info["id"])
    components = [component("categories_tab", {"children": _children(request.match_info["id"])})]
    if category:
        components = [*components, *_category_parts(request, front, category)]
    return _page(
        request, front, "category", components, "shop/(region$)/c/(category_name_slug)/(category_id)/page"
    )


@routes.get("/shop/store/{slug}/{id}")
@routes.get(f"/shop/{CC}/store/{{slug}}/{{id}}")
@routes.get(f"/{CC}/store/{{slug}}/{{id}}")
async def store_page(request: web.Request) -> web.Response:
    """Return a store's page."""
    site = site_of(request)
    shown = shown_now(site)
    seller = shown.catalogue.seller_with_id(request.match_info["id"])
    front = seller.front if seller else front_of_path(request)
    if not is_served(request, front):
        return out_of_the_shop(request)
    components = []
    if seller:
        products = in_store(shown.catalogue, seller, shown.day)
        feed = feed_data(products, Place("store", front.code, seller.id), shown)
        feed["cursor"] = store_cursor(products, PAGE, shown.day)
        components = [
            component("shop_info", {"shop_info": shop_info(seller, *shown)}),
            component("feed_list_store", feed, kind="feed_list", config=_feed_config("store")),
        ]
    return _page(request, front, "store", components, "(region)/store/(store_name_slug)/(seller_id)/page")


@routes.get("/shop")
@routes.get(f"/shop/{CC}")
@in_served_country
async def front_page(request: web.Request, front: Storefront) -> web.Response:
    """Return the shop's front page."""
    components = [component("categories_tab", {"children": _children("0")})]
    for name in HOME_FEEDS:
        place = Place("home", front.code, name)
        feed = feed_data(found_in(request, place), place, shown_now(site_of(request)))
        config = _feed_config(name, enter_method=f"homepage_product_feed_{name}")
        components.append(component(f"feed_list_{name}", feed, kind="feed_list", config=config))
    return _page(request, front, "home", components, "shop/(region$)/page")


def found_in(request: web.Request, place: Place) -> tuple[Product, ...]:
    """Return the whole list that a place is in; a search from another country finds nothing."""
    shown = shown_now(site_of(request))
    if place.kind == "s":
        if place.front != front_of_visitor(request).code:
            return ()
        return searched(shown.catalogue, FRONT_CALLED[place.front], place.subject, place.filters, shown.day)
    if place.kind == "c":
        category = CATEGORIES.get(place.subject)
        return in_category(shown.catalogue, place.front, category) if category else ()
    if place.kind == "store":
        seller = shown.catalogue.seller_with_id(place.subject)
        return in_store(shown.catalogue, seller, shown.day) if seller else ()
    feed = HOME_FEEDS.get(place.subject)
    return feed(shown.catalogue, place.front, shown.day) if feed else ()


def _searched_page(
    request: web.Request, front: Storefront, words: str, route: str, offset: int = 0
) -> web.Response:
    place = Place("s", front.code, words, offset)
    components = [component("search_header")]
    if not words.lower().startswith(NOWHERE):
        feed = feed_data(found_in(request, place), place, shown_now(site_of(request)))
        config = SEARCH_FEED | {"title": f"Results for {words}"}
        components.append(component("feed_list_search_word", feed, kind="feed_list", config=config))
        components += _related(words, feed, front)
    return _page(request, front, "search", components, route)


def _related(words: str, feed: dict[str, Any], front: Storefront) -> list[dict[str, Any]]:
    """Return what else one could look for."""
    others = [f"{words} {more}".strip() for more in ("cheap", "new", "gift")] if feed["products"] else []
    links = [{"name": other, "link": f"{SHOP}/{front.code}/k/{other.replace(' ', '-')}"} for other in others]
    tops = [{"name": one.name, "link": category_url(front, one)} for one in children_of("0")[:4]]
    return [
        component("related_link_search_words", {"related_links": links}, kind="related_link"),
        component("related_link_categories", {"related_links": tops}, kind="related_link"),
    ]


def _category_parts(request: web.Request, front: Storefront, category: Category) -> list[dict[str, Any]]:
    """Return a category's path and feed; Great Britain's feed has a shape of its own."""
    place = Place("c", front.code, category.id)
    feed = feed_data(found_in(request, place), place, shown_now(site_of(request)))
    crumbs = [
        {"name": one.name, "link": category_url(front, one)}
        for one in path_to(category.leaves.start)
        if one.level <= category.level
    ]
    if front.code == "gb":
        feed["categoryProductsData"] = {"productList": feed.pop("products")}
    return [
        component("bread_crumbs", {"bread_crumbs": crumbs}),
        component("feed_list_category", feed, kind="feed_list", config=_feed_config("category")),
    ]


def _children(category_id: str) -> list[dict[str, str]]:
    return [{"category_id": one.id, "category_name_en": one.name} for one in children_of(category_id)]


def _feed_config(kind: str, **more: str) -> dict[str, Any]:
    return {"data_source": {"type": kind, "params": {"count": PAGE}, "need_load_more": True}, **more}


def _page(
    request: web.Request, front: Storefront, name: str, components: list[dict[str, Any]], route: str
) -> web.Response:
    node = surroundings(request, front, name)
    node["page_config"] = page_config(name, components, {})
    return shop_page(request, Page(route, name, f"{SHOP}{request.path}", node))
