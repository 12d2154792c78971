"""Trouble that only the shop knows: masked prices, countries, suspicion, page tokens that ran out."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from standin.faults.routers import component_data_of, edits_documents, nodes_of
from standin.faults.rules import Fault, Handler, fault_kind
from standin.wire.shop.money import mask_prices
from standin.wire.shop.shapes import LOCKED_CODE, LOCKED_TEXT


@fault_kind("masked")
@edits_documents
def masked(document: Any, fault: Fault) -> None:
    """Digits of prices are `mark` (`?`), but for the first `kept` (1) of each, and keys in `spared`."""
    options = fault.options
    mask_prices(
        document,
        mark=str(options.get("mark", "?")),
        kept=int(options.get("kept", 1)),
        spared=options.get("spared", ()),
    )


@fault_kind("suspected")
@edits_documents
def suspected(document: Any, _fault: Fault) -> None:
    """The page is served, and says that it takes the visitor for a bot."""
    for node in nodes_of(document):
        if "basic_info" in node:
            node["basic_info"] |= {"risk_level": "high", "risk_reasons": "ip,fingerprint"}
            node["bot_info"]["is_bot"] = True


@fault_kind("no_feed")
@edits_documents
def no_feed(document: Any, _fault: Fault) -> None:
    """The page comes without any feed of products."""
    for node in nodes_of(document):
        config = node.get("page_config", {})
        parts = config.get("components_map", [])
        config["components_map"] = [part for part in parts if part["component_type"] != "feed_list"]


@fault_kind("region_locked")
async def region_locked(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """The country is not served: a redirect out of the shop, or with `form` `code` a page or answer with 23002102."""
    if fault.options.get("form", "redirect") == "redirect":
        there = f"{request.scheme}://{request.host}/?enter_method=not_supported_region"
        return web.Response(status=302, headers={"Location": there})
    response: web.StreamResponse = await _locked(request, handler, fault)
    return response


@edits_documents
def _locked(document: Any, _fault: Fault) -> None:
    refusal = {"error_code": LOCKED_CODE, "error_message": LOCKED_TEXT}
    for data in component_data_of(document):
        if "product_info" in data:
            data |= {**refusal, "product_info": {}}
    for node in nodes_of(document):
        config = node.get("page_config", {})
        config.get("global_data", {}).get("product_info", {}).update(refusal)
    if isinstance(document.get("data"), dict):
        document["data"] = {**refusal, "product_info": {}}


@fault_kind("page_token")
async def page_token(_request: web.Request, _handler: Handler, _fault: Fault) -> web.Response:
    """The page token ran out: `{"code":100000}` and no data."""
    return web.Response(body=b'{"code":100000}', headers={"Content-Type": "application/json; charset=utf-8"})
