"""The web application: every module's routes, and what stands before all of them."""

from __future__ import annotations

from aiohttp import web

from standin import control
from standin.api import comments, creator, feeds, passport, posts, search, sounds, tags, users
from standin.api.shop import lists as shop_lists
from standin.api.shop import products as shop_products
from standin.cdn import routes as cdn
from standin.doorway import doorway
from standin.pages import embed, lists, profile, scripts, small, video
from standin.pages.shop import lists as shop_list_pages
from standin.pages.shop import product as shop_product_pages
from standin.site import SITE, Site

ROUTES = (
    control.routes,
    creator.routes,
    posts.routes,
    users.routes,
    comments.routes,
    tags.routes,
    sounds.routes,
    feeds.routes,
    search.routes,
    passport.routes,
    shop_lists.routes,
    shop_products.routes,
    shop_product_pages.routes,
    shop_list_pages.routes,
    cdn.routes,
    embed.routes,
    lists.routes,
    video.routes,
    profile.routes,
    small.routes,
    scripts.routes,
)
"""One table per module; where two match, the earlier one answers."""


def build_application(site: Site) -> web.Application:
    """Assemble the site."""
    app = web.Application(middlewares=[doorway])
    app[SITE] = site
    for routes in ROUTES:
        app.add_routes(routes)
    return app
