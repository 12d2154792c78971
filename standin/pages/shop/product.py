"""A product's page, under each of its addresses (facts §2, §4)."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from standin.pages.shop.answers import (
    CC,
    front_of_path,
    is_served,
    out_of_the_shop,
    shop_page,
    shown_now,
    surroundings,
)
from standin.site import site_of
from standin.wire.shop.addresses import SHOP, WWW, category_url
from standin.wire.shop.documents import Page, component, page_config
from standin.wire.shop.shape_a import product_info
from standin.wire.shop.shapes import product_data
from standin.world.shop.cast import Quirk, Shape
from standin.world.shop.categories import path_to
from standin.world.shop.fronts import FRONT_CALLED
from standin.world.shop.products import Product

routes = web.RouteTableDef()

_LATER = (
    "user_info", "page_header", "product_gmc_price", "product_shop_performance", "video_list",
    "feed_list_bought_together", "feed_list_similar", "feed_list_more_from", "feed_list_brand_cat",
    "feed_list_more_color_style", "feed_list_you_may_like", "related_link",
)  # fmt: skip
"""Parts of a product page that load later."""
_ROUTES = (
    (re.compile(r"/view/product/"), "view/product/(product_id)/page"),
    (re.compile(r"/shop/pdp/"), "shop/pdp/(product_name_slug$)/(product_id)/page"),
    (re.compile(r"/shop/\w\w/pdp/"), "shop/(region)/pdp/(product_name_slug$)/(product_id)/page"),
    (re.compile(r"/\w\w/pdp/"), "(region)/pdp/(product_name_slug$)/(product_id)/page"),
)
INDONESIAN = "(shop$)/(pdp)/(name$)/(id)/page"
_ID = r"{id:\d{15,21}}"


@routes.get(f"/shop/pdp/{_ID}")
@routes.get(f"/shop/pdp/{{slug}}/{_ID}")
@routes.get(f"/shop/{CC}/pdp/{_ID}")
@routes.get(f"/shop/{CC}/pdp/{{slug}}/{_ID}")
@routes.get(f"/{CC}/pdp/{_ID}")
@routes.get(f"/{CC}/pdp/{{slug}}/{_ID}")
@routes.get(f"/view/product/{_ID}")
async def product_page(request: web.Request) -> web.Response:
    """Return a product's page; neither slug nor country in the address matter."""
    site = site_of(request)
    product = site.world.catalogue.product_with_id(request.match_info["id"])
    asked = request.query.get("region", "").lower()
    front = product.front if product else FRONT_CALLED.get(asked, front_of_path(request))
    if not is_served(request, front):
        return out_of_the_shop(request)
    catalogue, day, cdn = shown_now(site)
    data = product_data(product, shape_of(request, product), catalogue, day, cdn)
    shown = product if product and product.is_listed else None
    components = [component("product_info", data), *(component(name) for name in _LATER)]
    if shown:
        components.insert(0, component("bread_crumbs", {"bread_crumbs": _crumbs(shown)}))
    thin = {"product_id": shown.id, "seller_id": catalogue.seller(shown.seller).id} if shown else {}
    global_data = {"product_info": {"error_code": data["error_code"], "categories": data["categories"],
                                    "product_info": thin}}  # fmt: skip
    node = surroundings(request, front, "product_detail", request.match_info["id"])
    node["page_config"] = page_config("product_detail", components, global_data)
    node["route_info"]["route_product_name_slug"] = request.match_info.get("slug", "")
    route = next(route for pattern, route in _ROUTES if pattern.match(request.path))
    return shop_page(
        request, Page(route, _title(product), f"{_host(request)}{request.path}", node, _picture(data))
    )


@routes.get(f"/pdp/{_ID}")
@routes.get(f"/pdp/{{slug}}/{_ID}")
async def indonesian_page(request: web.Request) -> web.Response:
    """Return a product's page as Indonesia's own host has it: the product alone, below `initialData`."""
    site = site_of(request)
    product = site.world.catalogue.product_with_id(request.match_info["id"])
    if not is_served(request, FRONT_CALLED["id"]):
        return out_of_the_shop(request)
    found: dict[str, Any] = {}
    if product and product.front.code == "id" and product.is_listed:
        found = product_info(product, *shown_now(site))
    node = {"initialData": {"productInfo": found}}
    return shop_page(request, Page(INDONESIAN, _title(product), f"{_host(request)}{request.path}", node))


def shape_of(request: web.Request, product: Product | None) -> Shape:
    """Return the shape of a product's page: its own where it is named for it, else what is set, else its own."""
    wish = site_of(request).settings.product_shape
    if product is None or (product.special and product.special.shape):
        return product.shape if product else Shape.B
    return product.shape if wish == "any" else Shape(wish)


def _crumbs(product: Product) -> list[dict[str, str]]:
    path = [
        (category.name, category_url(product.front, category)) for category in path_to(product.leaf_number)
    ]
    return [{"name": name, "link": link} for name, link in (("TikTok Shop", f"{WWW}/shop"), *path)]


def _host(request: web.Request) -> str:
    return WWW if request.path.startswith("/shop/") else SHOP


def _title(product: Product | None) -> str:
    return product.title if product and product.quirk is not Quirk.REMOVED else "Product not found"


def _picture(data: dict[str, Any]) -> str:
    """Return the first picture of what a page shows."""
    shown = data["product_info"]
    holder = shown.get("product_model") or shown.get("product_base") or shown
    pictures = holder.get("images", [])
    return str(pictures[0]["url_list"][0]) if pictures else ""
