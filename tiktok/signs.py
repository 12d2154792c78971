"""Signs by which refusals are known: words of pages, keys of JSON answers, headers.

Words are only looked for where no data could be read: healthy pages hold most of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime

from tiktok.parsing.documents import entity_scopes, read_document
from tiktok.parsing.values import Json, Object, integer, mapping, objects
from tiktok.status_codes import StatusCode

WAF_WORDS = (b"_wafchallengeid", b"slardar_us_waf", b"waforiginalreid")
"""Seen on the "Please wait..." page, which a browser's script answers; 2024 to 2026."""
CAPTCHA_WORDS = (
    *(b"verify_center", b"verify_page", b"slide_verify", b"tiktok-verify-page"),
    # The shop's, as served and as rendered (2026-09). The captcha's script itself is on good pages too.
    *(b"captcha-init", b"captcha_verify_container", b"tts_web_captcha_container"),
)
CAPTCHA_WORDS_ON_ENDPOINTS = (b"captcha", b"secsdk", b"byted_acrawler")
"""On a JSON endpoint these words mean a captcha too; on pages they mean nothing."""
REFUSAL_WORDS = (b"Site Under Maintenance", b"Access Denied")
"""Edge's pages: the first blames the User-Agent (2026-08), the second the address."""
REGION_WORDS = b"not available in this country or region"
"""On the shop's pages about a product, whose other words may all be there."""
REGION_REDIRECT = "enter_method=not_supported_region"
"""In the address of TikTok's main site to which the shop sends visitors from elsewhere (2026-09)."""
HEAD_BYTES = 4096
"""Refusals say what they are within these first bytes."""

LONGEST_WAIT_SECONDS = 3600.0
"""A site that asks for more is not waited for longer than this."""

ENTITIES = ("userInfo", "itemInfo", "itemStruct", "challengeInfo", "musicInfo")
"""Objects of an answer that hold what was asked for."""
ENVELOPE = frozenset(
    {
        *("statusCode", "status_code", "statusMsg", "status_msg", "statusMessage", "error_code", "errorCode"),
        *("extra", "log_pb", "logid", "now", "fatal_item_ids"),
        *("hasMore", "has_more", "hasMorePrevious", "cursor", "minCursor", "maxCursor", "total"),
    }
)
"""Keys of an answer around its payload."""

_CAPTCHA_CODES = (StatusCode.VERIFY_CODE, StatusCode.SHARK_SLIDE, StatusCode.SHARK_BLOCK)
_PLEASE_WAIT = re.compile(rb"please wait\.\.\..{0,2000}id=.(?:cs|wci)\b", re.IGNORECASE | re.DOTALL)


def asks_captcha(answer: Json) -> bool:
    """True for the JSON that asks for a captcha in the place of its payload."""
    root = mapping(answer)
    return bool(
        integer(root.get("code")) in _CAPTCHA_CODES
        or root.get("type") == "verify"
        or mapping(root.get("verifyConfig")).get("type") == "verify"
        or root.get("verify_event")
        or root.get("captcha")
    )


def says_logged_in(body: bytes) -> bool:
    """True for the answer of `passport/token/beat/web/` to a login that is alive."""
    beat = mapping(mapping(read_document(body).payload).get("data"))
    return bool(beat.get("has_login")) and not integer(beat.get("error_code"))


def shows_waf_challenge(body: bytes) -> bool:
    """True for the page whose script proves to the firewall that it runs in a browser."""
    return any(word in body for word in WAF_WORDS) or bool(_PLEASE_WAIT.search(body))


def shows_captcha(body: bytes) -> bool:
    """True for a page that holds nothing but a captcha."""
    return any(word in body for word in CAPTCHA_WORDS)


def mentions_captcha(body: bytes) -> bool:
    """True when the body speaks of captchas; means something on JSON endpoints only."""
    return any(word in body[:HEAD_BYTES] for word in CAPTCHA_WORDS_ON_ENDPOINTS)


def shows_refusal(body: bytes) -> bool:
    """True for the pages of the edge that let nobody in."""
    return any(word in body[:HEAD_BYTES] for word in REFUSAL_WORDS)


def hollow_entity(payload: Json) -> str | None:
    """Name of an entity that is present and says nothing: TikTok's way to withhold it."""
    for holder in _holders(payload):
        for name in ENTITIES:
            if name in holder and _is_hollow(holder[name]):
                return name
    return None


def is_bare(payload: Json) -> bool:
    """True when an answer consists of its envelope only."""
    return isinstance(payload, dict) and payload.keys() <= ENVELOPE


def lost_search_session(payload: Json) -> bool:
    """True when a search's page was asked without the `search_id` of its first page."""
    return mapping(mapping(payload).get("search_nil_info")).get("search_nil_item") == "empty_session"


def is_embed_error(payload: Json) -> bool:
    """True for an embed page that says it has nothing to show."""
    pages = mapping(mapping(mapping(payload).get("source")).get("data")).values()
    return any(mapping(page).get("isError") is True for page in pages)


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """What `Retry-After` asks for, in seconds or as a date (measured against the answer's own `Date`)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_WAIT_SECONDS)
    with suppress(ValueError, TypeError):  # no date, or only one of the two has a time zone
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("date", ""))
        return min(max(wait.total_seconds(), 0.0), LONGEST_WAIT_SECONDS)
    return None


def _holders(payload: Json) -> Iterator[Object]:
    """The objects of a payload in which entities stand."""
    root = mapping(payload)
    yield root
    yield from (scope for _name, scope in entity_scopes(root))
    yield from objects(mapping(root.get("props")).get("pageProps"))


def _is_hollow(value: Json) -> bool:
    if isinstance(value, dict):
        return all(map(_is_hollow, value.values()))
    if isinstance(value, list):
        return all(map(_is_hollow, value))
    return not value or value == "0"
