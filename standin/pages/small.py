"""The small public endpoints beside the pages: oEmbed, short links, discover, the front page."""

from __future__ import annotations

import re
from html import escape
from typing import Any
from urllib.parse import quote

from aiohttp import web

from standin.pages.answers import WWW, page
from standin.pages.video import canonical_path, post_refusal
from standin.site import Site, site_of
from standin.wire.posts import page_post
from standin.wire.shop.pictures import product_picture
from standin.wire.templates import decode, encode
from standin.world.accounts import Account
from standin.world.cast import CAST, Standing
from standin.world.posts import Post
from standin.world.shop.products import Product
from standin.world.sounds import shared_sound
from standin.world.tags import TAG_CALLED

routes = web.RouteTableDef()

_POST_ADDRESS = re.compile(r"/(?:video|photo|v)/(\d+)")
_PROFILE_ADDRESS = re.compile(r"/@([\w.-]+)/?$")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""Short codes are `ZT` and a post's id in base 36, or `ZS` and a product's."""


@routes.get("/")
@routes.get("/foryou")
@routes.get("/explore")
@routes.get("/login")
@routes.get("/search")
@routes.get("/search/{kind}")
async def plain_page(request: web.Request) -> web.Response:
    """Return a page whose content is its script's business."""
    return page(request, "TikTok - Make Your Day", request.path, bare=True)


@routes.get("/oembed")
async def oembed(request: web.Request) -> web.Response:
    """Describe a post or a profile for other people's sites."""
    site = site_of(request)
    address = request.query.get("url", "").split("?")[0]
    post = _post_at(site, address)
    if post is not None:
        return web.json_response(_post_card(site, post))
    found = _PROFILE_ADDRESS.search(address)
    account = site.world.account_called(found[1]) if found else None
    if account is None or account.role.standing is not Standing.PUBLIC:
        return web.json_response({"code": 400, "message": "Something went wrong"}, status=400)
    return web.json_response(_profile_card(account))


@routes.get("/t/{code}")
@routes.get("/t/{code}/")
@routes.get(r"/{code:Z[A-Za-z0-9]{8,18}}")
@routes.get(r"/{code:Z[A-Za-z0-9]{8,18}}/")
async def short_link(request: web.Request) -> web.Response:
    """Redirect to the post or product, or to the front page when the link is dead. `vm.` links have no `/t`."""
    site = site_of(request)
    code = request.match_info["code"].lower()
    entity_id = str(int(code[2:], 36)) if code[:2] in ("zt", "zs") and code[2:].isalnum() else ""
    post = site.world.post(entity_id, site.moment.now) if code.startswith("zt") else None
    product = site.world.catalogue.product_with_id(entity_id) if code.startswith("zs") else None
    path = f"{canonical_path(post)}?_r=1&_t=8standin" if post else "/?_r=1"
    if product:
        shown = {"title": product.title, "image": product_picture(product, 0, site.moment.cdn)["url_list"][0]}
        path = f"/view/product/{product.id}?_r=1&og_info={quote(encode(shown))}"
    return web.Response(status=301, headers={"Location": f"{request.scheme}://{request.host}{path}"})


@routes.get("/node/share/discover")
async def discover(request: web.Request) -> web.Response:
    """Return the cards of the discover page: sounds, creators, hashtags."""
    world = site_of(request).world
    creators = [account for number in range(3) if (account := world.account(number + len(CAST)))]
    cards = [_card(shared_sound(number).id, "1", shared_sound(number).title) for number in range(3)]
    cards += [_card(account.id, "2", account.nickname) for account in creators]
    cards += [_card(tag.id, "3", f"#{tag.name}") for tag in list(TAG_CALLED.values())[:5]]
    body = {"exploreList": [{"cardItem": card} for card in cards], "pageState": {"region": "US"}}
    return web.json_response({"statusCode": 0, "errMsg": "", "body": [body]})


def short_code(post: Post | Product) -> str:
    """Return the code under which the short link of a post or product is known."""
    value, text = int(post.id), ""
    while value:
        value, digit = divmod(value, 36)
        text = _DIGITS[digit] + text
    return f"ZT{text}" if isinstance(post, Post) else f"ZS{text}"


def _post_at(site: Site, address: str) -> Post | None:
    found = _POST_ADDRESS.search(address)
    post = site.world.post(found[1], site.moment.now) if found else None
    return post if post and not post_refusal(post) else None


def _post_card(site: Site, post: Post) -> dict[str, Any]:
    author = post.author
    address = f"{WWW}{canonical_path(post)}"
    return {
        "version": "1.0",
        "type": "video",
        "title": post.caption,
        "author_url": f"{WWW}/@{author.username}",
        "author_name": author.nickname,
        "author_unique_id": author.username,
        "width": "100%",
        "height": "100%",
        "html": f'<blockquote class="tiktok-embed" cite="{address}" data-video-id="{post.id}" '
        f'data-embed-from="oembed"><section><a href="{WWW}/@{author.username}?refer=embed">'
        f"@{author.username}</a> <p>{escape(post.caption)}</p></section></blockquote>",
        "thumbnail_width": 576,
        "thumbnail_height": 1024,
        "thumbnail_url": decode(page_post(post, site.moment)).get("video", {}).get("cover", ""),
        "provider_url": WWW,
        "provider_name": "TikTok",
        "embed_product_id": post.id,
        "embed_type": "video",
    }


def _profile_card(account: Account) -> dict[str, Any]:
    return {
        "version": "1.0",
        "type": "rich",
        "title": f"{account.nickname}'s Creator Profile",
        "author_url": f"{WWW}/@{account.username}",
        "author_name": account.nickname,
        "author_unique_id": account.username,
        "html": f'<blockquote class="tiktok-embed" data-unique-id="{account.username}"></blockquote>',
        "provider_url": WWW,
        "provider_name": "TikTok",
        "embed_product_id": account.username,
        "embed_type": "creator",
    }


def _card(card_id: str, kind: str, title: str) -> dict[str, Any]:
    extra = {"fans": 0, "likes": 0, "video": 0, "views": 0, "verified": False}
    return {"cover": "", "description": "", "id": card_id, "link": "", "subTitle": "", "title": title,
            "type": kind, "extraInfo": extra}  # fmt: skip
