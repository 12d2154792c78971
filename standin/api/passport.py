"""`passport/token/beat/web/`: whether a login is alive, and a new lifetime for one that nears its end."""

from __future__ import annotations

from aiohttp import web

from standin.visitor import is_logged_in, renew_login

routes = web.RouteTableDef()


@routes.get("/passport/token/beat/web/")
async def login_beat(request: web.Request) -> web.Response:
    """Tell whether a login is alive."""
    if not is_logged_in(request):
        ended = {"error_code": 8, "description": "login expired"}
        return web.json_response({"data": ended, "message": "error"})
    response = web.json_response({"data": {"error_code": 0, "has_login": True}, "message": "success"})
    renew_login(request, response)
    return response
