"""Body to decoded payload: finds the data that a page carries, or reads the body as JSON.

The data is located by byte search and decoded by orjson, which is most of the work of parsing a page.
Python's own decoder steps in where orjson is too strict (lone surrogates of cut emoji, NaN, bytes that are no
UTF-8) and where the body was cut behind the data's closing brace.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import orjson

from tiktok.parsing.values import Json, Object, integer, mapping, objects

Kind = Literal["html", "json", "other", "empty"]

UNIVERSAL = "__UNIVERSAL_DATA_FOR_REHYDRATION__"
SIGI = "SIGI_STATE"
ROUTER = "__MODERN_ROUTER_DATA__"
OTHER_SCRIPTS = (
    ROUTER,
    "__FRONTITY_CONNECT_STATE__",
    SIGI,
    "sigi-persisted-data",
    "api-data",
    "__NEXT_DATA__",
)
"""Data scripts of the shop, of embed pages, of live rooms and 2021 to 2023, of some mobile pages, of the years
before."""

ENTITY_SCOPES = ("detail", "collection_state")
"""Endings of the universal data's scopes that hold what the page is about; the others hold its frame."""

_STATUS_KEYS = ("statusCode", "status_code", "error_code", "errorCode")
_LEADING = b"\xef\xbb\xbf \t\r\n"


@dataclass(slots=True)
class Document:
    """A body, decoded as far as it can be."""

    kind: Kind
    """What the body looks like; a cut JSON body is `json` without a payload."""
    script: str | None
    """Id of the script that carried the payload, `None` for a JSON body."""
    payload: dict[str, Json] | list[Json] | None
    """Decoded data; every string in it can be stored as UTF-8."""
    body: bytes
    status_code: int | None = field(init=False)
    """TikTok's own code: of several the non-zero one speaks; `None` when there is none."""

    def __post_init__(self) -> None:
        self.status_code = _status_code(self.payload)


def read_document(body: bytes) -> Document:
    """Decode a body. Never raises: what can't be read has no payload."""
    start = body[:64].lstrip(_LEADING)[:1]
    if not start and not body.strip(_LEADING):
        return Document("empty", None, None, body)
    if start in (b"{", b"["):
        return Document("json", None, _decode(memoryview(body)), body)
    script, payload = _page_data(body)
    is_html = payload is not None or start == b"<" or b"<html" in body[:1024].lower()
    return Document("html" if is_html else "other", script, payload, body)


def entity_scopes(payload: Json) -> Iterator[tuple[str, Object]]:
    """Name and content of the universal data's scopes that hold what the page is about."""
    for name, scope in mapping(mapping(payload).get("__DEFAULT_SCOPE__")).items():
        if name.endswith(ENTITY_SCOPES) and isinstance(scope, dict):
            yield name, scope


def _page_data(body: bytes) -> tuple[str | None, dict[str, Json] | None]:
    """The data script that tells what the page is about, and its content.

    Live rooms and pages of 2023 have a universal script with the page's frame only, and the rest in the older
    SIGI_STATE: both are read then, their keys don't meet.
    """
    frame = _script_data(body, UNIVERSAL)
    if frame is not None and any(entity_scopes(frame)):
        return UNIVERSAL, frame
    for script in OTHER_SCRIPTS:
        found = _script_data(body, script)
        if found is not None:
            return script, {**(frame or {}), **found}
    if frame is not None:
        return UNIVERSAL, frame
    if ROUTER.encode() in body and (found := _oddly_tagged(body, ROUTER)) is not None:
        return ROUTER, found
    return None, None


def _oddly_tagged(body: bytes, script: str) -> dict[str, Json] | None:
    """The content of a script whose tag is written in another way than the site's own."""
    # Hardly a page needs it, and it takes as long to import as all else here.
    from parsel import Selector  # noqa: PLC0415

    text = Selector(text=body.decode("utf-8", "replace"), type="html").xpath(
        "//script[@id=$script]/text()", script=script
    )
    data = _decode(memoryview((text.get() or "").encode("utf-8", "replace")))
    return data if isinstance(data, dict) else None


def _script_data(body: bytes, script: str) -> dict[str, Json] | None:
    tag = body.find(f'id="{script}"'.encode())
    start = body.find(b"{", body.find(b">", tag)) if tag >= 0 else -1
    if start < 0:
        return None
    end = body.find(b"</script", start)
    data = _decode(memoryview(body)[start : end if end >= 0 else len(body)])
    return data if isinstance(data, dict) else None


def _decode(blob: memoryview) -> dict[str, Json] | list[Json] | None:
    try:
        value = orjson.loads(blob)
    except orjson.JSONDecodeError:
        value = _decode_tolerantly(bytes(blob))
    return value if isinstance(value, dict | list) else None


_TOLERANT = json.JSONDecoder(parse_constant=lambda _name: None)


def _decode_tolerantly(blob: bytes) -> Json:
    """Decode the first value in the blob, whatever follows its closing brace."""
    try:
        value, _end = _TOLERANT.raw_decode(blob.decode("utf-8", "replace").lstrip("\ufeff \t\r\n"))
        return _storable(value)
    except (ValueError, RecursionError):  # RecursionError: nested deeper than anything of TikTok's
        return None


def _storable(value: Json) -> Json:
    """The same value with U+FFFD in the place of lone surrogates, which UTF-8 can't carry."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return value


def _status_code(payload: Json) -> int | None:
    codes = [
        code
        for speaker in _speakers(payload)
        for key in _STATUS_KEYS
        if (code := integer(speaker.get(key))) is not None
    ]
    return next((code for code in codes if code), 0 if codes else None)


def _speakers(payload: Json) -> Iterator[Object]:
    """The objects of a payload that may carry a status code."""
    root = mapping(payload)
    yield root
    yield from (scope for _name, scope in entity_scopes(root))
    yield from objects(mapping(root.get("props")).get("pageProps"))
    yield from (mapping(part) for name, part in root.items() if name.endswith("Page"))
    for page in mapping(mapping(root.get("source")).get("data")).values():
        yield mapping(page)
        yield mapping(mapping(page).get("embedInfo"))
    yield mapping(root.get("videoDetail"))
    yield mapping(root.get("data"))
