"""Trouble in the answer itself: right in form, wrong in content."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from standin.faults.routers import component_data_of, edits_documents
from standin.faults.rules import Fault, Handler, fault_kind

Edit = Callable[[dict[str, Any], Fault], None]

MORE_NAMES = ("hasMore", "hasMorePrevious", "has_more")
LIST_NAMES = (
    "itemList", "item_list", "comments", "userList", "user_list", "data", "videoList", "products", "productList",
)  # fmt: skip

_EXPIRING = re.compile(rb"((?:x-expires|expire|UrlExpire)(?:=|\":\"?))\d{10}")
_EXPIRING_IN_PATH = re.compile(rb"(/[0-9a-f]{32}/)[0-9a-f]{8}(?=/)")
_REMEMBERED = "remembered answer"


def _edits_json(edit: Edit) -> Callable[[web.Request, Handler, Fault], Any]:
    """Make a fault out of a change to an answer's object, or to each of those the shop wraps into its own."""

    def edit_all(document: Any, fault: Fault) -> None:
        for payload in _payloads(document):
            edit(payload, fault)

    return edits_documents(edit_all)


def _payloads(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the objects that hold what was asked for."""
    if parts := component_data_of(document):
        return parts
    data = document.get("data")
    return [data] if isinstance(data, dict) and "code" in document else [document]


@fault_kind("more_lies_true")
@_edits_json
def more_lies_true(document: dict[str, Any], _fault: Fault) -> None:
    """The list claims that there is more."""
    _say_more(document, more=True)


@fault_kind("more_lies_false")
@_edits_json
def more_lies_false(document: dict[str, Any], _fault: Fault) -> None:
    """The list claims to have ended."""
    _say_more(document, more=False)


@fault_kind("more_missing")
@_edits_json
def more_missing(document: dict[str, Any], _fault: Fault) -> None:
    """The list does not say whether there is more."""
    for name in MORE_NAMES:
        document.pop(name, None)


@fault_kind("empty_list")
@_edits_json
def empty_list(document: dict[str, Any], _fault: Fault) -> None:
    """The list is there, and empty."""
    for name in LIST_NAMES:
        if isinstance(document.get(name), list):
            document[name] = []


@fault_kind("hollow")
@_edits_json
def hollow(document: dict[str, Any], _fault: Fault) -> None:
    """The objects asked for are there, with nothing in them."""
    for name, value in document.items():
        if isinstance(value, dict):
            document[name] = {key: {} for key, inner in value.items() if isinstance(inner, dict)}
        elif name in LIST_NAMES:
            document[name] = []


@fault_kind("stuck_cursor")
@_edits_json
def stuck_cursor(document: dict[str, Any], _fault: Fault) -> None:
    """The cursor for the next page is the one of the first."""
    if "cursor" in document:
        document["cursor"] = "0" if isinstance(document["cursor"], str) else 0
    if "minCursor" in document:
        document["minCursor"] = 0
    if "load_more_params" in document:
        document["load_more_params"]["offset"] = 0
    _say_more(document, more=True)


@fault_kind("repeated_page")
async def repeated_page(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """Every page is the first one this rule saw: what a bad `device_id` gets."""
    response = await handler(request)
    if not isinstance(response, web.Response):
        return response
    remembered = fault.memory.setdefault(_REMEMBERED, _body(response))
    response.body = remembered
    return response


@fault_kind("drift")
async def drift(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """A key is called otherwise from now on: `field` becomes `to` (`id` becomes `itemIdentifier`)."""
    field = str(fault.options.get("field", "id")).encode()
    other = str(fault.options.get("to", "itemIdentifier")).encode()
    return await _replaced(request, handler, lambda body: body.replace(b'"%b":' % field, b'"%b":' % other))


@fault_kind("expired_links")
async def expired_links(request: web.Request, handler: Handler, _fault: Fault) -> web.StreamResponse:
    """All signed links ran out in 2023."""
    return await _replaced(request, handler, _expire)


def _expire(body: bytes) -> bytes:
    return _EXPIRING_IN_PATH.sub(rb"\g<1>6553f100", _EXPIRING.sub(rb"\g<1>1700000000", body))


async def _replaced(
    request: web.Request, handler: Handler, change: Callable[[bytes], bytes]
) -> web.StreamResponse:
    response = await handler(request)
    if isinstance(response, web.Response):
        response.body = change(_body(response))
    return response


def _say_more(document: dict[str, Any], *, more: bool) -> None:
    for name in MORE_NAMES:
        if name in document:
            document[name] = type(document[name])(more)


def _body(response: web.Response) -> bytes:
    return response.body if isinstance(response.body, bytes) else b""
