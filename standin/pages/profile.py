"""`/@user`: the profile page, rendered by the server or left to its script (facts A.3)."""

from __future__ import annotations

from aiohttp import web

from standin.dice import draw
from standin.pages.answers import page
from standin.site import Site, site_of
from standin.wire.moment import Moment
from standin.wire.templates import encode
from standin.wire.users import share_meta, user_entity
from standin.world.accounts import Account
from standin.world.cast import Standing

routes = web.RouteTableDef()

BANNED = 10221
"""Also what the page says about a name nobody has."""
DELETED = 10202
PRIVATE = 10222


@routes.get("/@{handle:[^/]+}")
async def profile_page(request: web.Request) -> web.Response:
    """Return a profile page."""
    site = site_of(request)
    account = site.world.account_in_slot(request.match_info["handle"])
    name = account.username if account else request.match_info["handle"]
    if is_shell(site):
        return page(request, "TikTok - Make Your Day", f"/@{name}", bare=True)
    scope = b'"webapp.user-detail":' + encode(user_detail(account, site.moment))
    return page(request, f"@{name} | TikTok", f"/@{name}", scope)


def user_detail(account: Account | None, moment: Moment) -> dict[str, object]:
    """Return what a profile page says about somebody, or about nobody."""
    if account is None or account.role.standing is Standing.BANNED:
        return {"statusCode": BANNED, "statusMsg": "", "needFix": True, "userInfo": {}}
    if account.role.standing is Standing.DELETED:
        return {"statusCode": DELETED, "statusMsg": "user doesn't exist", "needFix": True, "userInfo": {}}
    return {
        "userInfo": user_entity(account, moment),
        "shareMeta": share_meta(account, moment),
        "statusCode": PRIVATE if account.role.standing is Standing.PRIVATE else 0,
        "statusMsg": "",
        "needFix": False,
    }


def is_shell(site: Site) -> bool:
    """Tell whether the next page is left to its script."""
    rendering = site.settings.rendering
    return rendering == "shell" or (rendering == "random" and draw(0, "rendering", site.visitors)[0] % 2 == 0)
