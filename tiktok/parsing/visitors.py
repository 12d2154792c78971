"""Who the site thinks we are: `webapp.app-context` of universal pages, `AppContext` of SIGI pages.

Seen: 2023-02 (no `odinId`, no `webIdCreatedTime`), 2025-10 (`user` when logged in), 2020 (`webId` only).
"""

from __future__ import annotations

from tiktok.parsing.results import Visitor
from tiktok.parsing.values import Object, digits, filled, mapping


def parse_visitor(payload: Object) -> Visitor | None:
    """The visitor, where the page tells."""
    context = mapping(mapping(payload.get("__DEFAULT_SCOPE__")).get("webapp.app-context"))
    context = context or mapping(mapping(payload.get("AppContext")).get("appContext"))
    if not context:
        return None
    return Visitor(
        device_id=digits(context.get("wid")),
        odin_id=digits(context.get("odinId")),
        created_at=digits(context.get("webIdCreatedTime")),
        region=filled(context.get("region")),
        csrf_token=filled(context.get("csrfToken")),
        is_logged_in=bool(mapping(context.get("user"))),
    )
