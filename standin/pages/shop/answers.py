"""How the shop's pages answer: as a document, as the loader's data alone, or with a way out of the shop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from standin.api.answers import answer_json
from standin.callers import exit_of
from standin.pages.answers import document
from standin.site import Site, site_of
from standin.visitor import device_id, is_logged_in, visitor_id, welcome
from standin.wire.shop.documents import Page, html_page
from standin.wire.shop.feeds import Shown
from standin.world.shop.fronts import FRONT_CALLED, STOREFRONTS, Storefront

FrontHandler = Callable[[web.Request, Storefront], Awaitable[web.Response]]


def shown_now(site: Site) -> Shown:
    """Return where and when lists are shown."""
    moment = site.moment
    return Shown(site.world.catalogue, moment.day, moment.cdn)


def front_of_path(request: web.Request) -> Storefront:
    """Return the storefront in an address; without one it is the United States'."""
    return FRONT_CALLED[request.match_info.get("cc", "us")]


def front_of_visitor(request: web.Request) -> Storefront:
    """Return the country that a request seems to come from, by its exit."""
    exits = site_of(request).settings.exit_regions
    here = exit_of(request)
    return FRONT_CALLED[next((code for pattern, code in exits.items() if fnmatchcase(here, pattern)), "us")]


def is_served(request: web.Request, front: Storefront) -> bool:
    """Tell whether a country has a storefront at all."""
    return front.code in site_of(request).settings.shop_regions


def in_served_country(handler: FrontHandler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Give a page the storefront in its address, where there is one."""

    async def guarded(request: web.Request) -> web.Response:
        front = front_of_path(request)
        return await handler(request, front) if is_served(request, front) else out_of_the_shop(request)

    return guarded


def out_of_the_shop(request: web.Request) -> web.Response:
    """Redirect to the main site, as storefronts that are not served do."""
    there = f"{request.scheme}://{request.host}/?enter_method=not_supported_region"
    return web.Response(status=302, headers={"Location": there})


def surroundings(request: web.Request, front: Storefront, name: str, product_id: str = "") -> dict[str, Any]:
    """Return what a loader says beside `page_config`."""
    site = site_of(request)
    ttwid = visitor_id(request)
    visitor = front_of_visitor(request)
    return {
        "basic_info": {
            "lang": "en",
            "device_system": "windows",
            "is_mobile": False,
            "scm_version": "-",
            "is_login": is_logged_in(request),
            "web_id": device_id(ttwid),
            "risk_level": "low",
            "risk_reasons": "",
            "transfer_time": 0,
            "user_agent": request.headers.get("User-Agent", ""),
        },
        "route_info": {
            "route_page_name": name,
            "page_name": name,
            "route_product_id": product_id,
            "request_url": f"{request.scheme}://{request.host}{request.raw_path}",
            "referer": request.headers.get("Referer", ""),
            "is_api": "__ssrDirect" in request.query,
        },
        "region_info": {
            "path_region": front.region,
            "real_region": visitor.region,
            "real_region_source": "IP",
            "ip_region": visitor.region,
            "sale_region": front.region,
            "current_v_region": "US-TTP2",
            "mssdk_region": "ttp2",
        },
        "bot_info": {"is_mock_bot": False, "is_bot": False, "request_time": site.moment.now * 1_000},
        "waf_decision": {"dkms_token": "", "waf_type": 3},
    }


def shop_page(request: web.Request, page: Page) -> web.Response:
    """Return a page; its data alone when `__loader` names its route."""
    if request.query.get("__ssrDirect") == "true":
        if request.query.get("__loader") != page.route:
            return web.Response(status=404, text="no such loader")
        return answer_json(request, page.node)
    response = document(html_page(page))
    welcome(request, response, visitor_id(request))
    return response


CODES = "|".join(front.code for front in STOREFRONTS)
CC = f"{{cc:{CODES}}}"
"""The country in an address, as routes write it."""
