"""`/api/v1/tiktok/sessions`: a client's own sessions of TikTok."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from store.identities import IdentityState
from webapi import current
from webapi.extensions.json import written
from webapi.limits.groups import SHOP
from webapi.services.account_sessions import AccountSessions, Session
from webapi.shop.errors import ShopBlueprint
from webapi.shop.schemas import (
    AddedSessionSchema,
    NewSessionSchema,
    SessionHealthSchema,
    SessionsSchema,
    ShopDoneSchema,
)

SESSIONS = ShopBlueprint(
    "shop sessions",
    __name__,
    url_prefix="/api/v1/tiktok/sessions",
    limits=SHOP,
    description="Sessions of TikTok",
)
DAY = timedelta(days=1)


@SESSIONS.route("", methods=["POST"])
@SESSIONS.arguments(NewSessionSchema)
@SESSIONS.response(201, AddedSessionSchema)
@SESSIONS.errors(401, 403, 413, 500, 503)
def add(given: dict[str, Any]) -> dict[str, Any]:
    """Add a session

    Cookies as Cookie-Editor exports them; also Playwright's storage state, a Netscape cookies.txt or a Cookie header,
    the latter two as text. All crawls may ask with them. The same name gets the new cookies in place of its old ones.
    Part of the plans Pro and Enterprise.
    """
    added = _sessions().add(given["account_name"], given["cookies"], given.get("user_agent"), current.now())
    done = "salva" if added.is_new else "atualizada"
    return {
        "status": "success",
        "message": f"Sessão {done}: {added.taken} cookies",
        "session": _document(added.session),
        "refused": [{"name": one.name, "reason": one.reason} for one in added.refusals],
        "warnings": list(added.warnings),
    }


@SESSIONS.route("")
@SESSIONS.response(200, SessionsSchema)
@SESSIONS.errors(401, 500)
def list_all() -> dict[str, Any]:
    """List sessions

    Your own, without the values of their cookies.
    """
    found = [_document(session) for session in _sessions().all(current.now())]
    return {"sessions": found, "total": len(found)}


@SESSIONS.route("/<int:session_id>", methods=["DELETE"])
@SESSIONS.response(200, ShopDoneSchema)
@SESSIONS.errors(401, 404, 500)
def remove(session_id: int) -> dict[str, Any]:
    """Delete a session

    It is never used again, and its cookies are forgotten.
    """
    removed = _sessions().remove(session_id, current.now())
    return {"status": "success", "message": f"Sessão removida: {removed.name}"}


@SESSIONS.route("/<int:session_id>/health")
@SESSIONS.response(200, SessionHealthSchema)
@SESSIONS.errors(401, 404, 500)
def health(session_id: int) -> dict[str, Any]:
    """Check a session's health

    Which of its critical cookies are there, and how long they last.
    """
    session = _sessions().find(session_id, current.now())
    cookies = [
        {
            "name": cookie.name,
            "present": cookie.is_present,
            "expires": written(cookie.expires_at) if cookie.expires_at else None,
            "days_left": cookie.days_left,
        }
        for cookie in session.status.critical
    ]
    return _document(session) | {"cookies": cookies}


def _sessions() -> AccountSessions:
    return AccountSessions(current.engine(), current.config(), current.client())


def _document(session: Session) -> dict[str, Any]:
    status, now = session.status, current.now()
    ends = status.expires_at
    return {
        "id": status.id,
        "account_name": session.name,
        "status": str(status.state),
        "is_logged_in": status.is_logged_in,
        "cookies_valid": status.state in (IdentityState.READY, IdentityState.COOLING),
        "cookie_expires": written(ends) if ends else None,
        "days_until_expiry": max((ends - now) // DAY, 0) if ends else None,
        "health": status.health,
        "last_used_at": written(status.last_used_at) if status.last_used_at else None,
        "reason": status.reason,
    }
