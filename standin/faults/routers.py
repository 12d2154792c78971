"""Changes to the JSON document of an answer, be it an endpoint's or the one inside a page of the shop."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from standin.faults.rules import Fault, Handler
from standin.wire.templates import decode, encode

_ROUTER_DATA = re.compile(
    rb'(<script type="application/json" id="__MODERN_ROUTER_DATA__">)(.*?)(</script>)', re.DOTALL
)


def router_data(body: bytes) -> Any:
    """Return the router document inside a page, or nothing."""
    found = _ROUTER_DATA.search(body)
    return decode(found[2]) if found else None


def with_router_data(body: bytes, document: Any) -> bytes:
    """Return a page with another router document in it."""
    data = encode(document).replace(b"/", b"\\u002F")
    return _ROUTER_DATA.sub(lambda found: found[1] + data + found[3], body)


def nodes_of(document: Any) -> list[dict[str, Any]]:
    """Return what the loaders of a page found; a loader's data alone is the only one of its kind."""
    loaded = document.get("loaderData")
    nodes = loaded.values() if isinstance(loaded, dict) else [document]
    return [node for node in nodes if isinstance(node, dict)]


def component_data_of(document: Any) -> list[dict[str, Any]]:
    """Return `component_data` of all components."""
    return [
        entry["component_data"]
        for node in nodes_of(document)
        for entry in node.get("page_config", {}).get("components_map", [])
        if "component_data" in entry
    ]


def edits_documents(edit: Callable[[Any, Fault], None]) -> Callable[[web.Request, Handler, Fault], Any]:
    """Make a fault out of a change to the document of a page or of an endpoint."""

    async def kind(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
        response = await handler(request)
        if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
            return response
        if response.content_type == "application/json":
            document = decode(response.body or b"{}")
            edit(document, fault)
            response.body = encode(document)
        elif document := router_data(response.body):
            edit(document, fault)
            response.body = with_router_data(response.body, document)
        return response

    return kind
