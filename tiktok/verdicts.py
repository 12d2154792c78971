"""What an answer means: an ordered table of rules, the first that matches decides.

Cheap and certain signs come first. A status code of TikTok's is read before the HTTP status (missing posts
come with 200, unknown accounts with 400), and a page whose data can be read is good whatever words it holds:
healthy pages are full of "captcha" and "login".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from tiktok import signs
from tiktok.items import Hashtag, Item, Product, Sound, User, Video
from tiktok.parsing.shop_answers import REFUSED, refusal_code
from tiktok.parsing.shop_pages import Refusal, is_abroad, shop_refusal
from tiktok.routes import SHOP, Operation
from tiktok.status_codes import StatusCode

if TYPE_CHECKING:  # a verdict is also named where no reply is ever parsed, in the store
    from tiktok.replies import Reply


class Verdict(StrEnum):
    """What one answer means.

    The first group says nothing about the target, the second nothing about us.
    """

    OK = "ok"
    EMPTY = "empty"
    CAPTCHA = "captcha"
    LOGIN_REQUIRED = "login_required"
    WAF_CHALLENGE = "waf_challenge"
    BLOCKED = "blocked"
    GATED = "gated"
    WITHHELD = "withheld"
    RATE_LIMITED = "rate_limited"
    NETWORK = "network"
    NO_DATA = "no_data"
    SCHEMA_CHANGED = "schema_changed"

    NOT_FOUND = "not_found"
    PRIVATE = "private"
    BANNED = "banned"
    AGE_GATED = "age_gated"
    REGION_BLOCKED = "region_blocked"
    TAKEN_DOWN = "taken_down"
    UNAVAILABLE = "unavailable"


PERMANENT = frozenset(
    {
        Verdict.NOT_FOUND,
        Verdict.PRIVATE,
        Verdict.BANNED,
        Verdict.AGE_GATED,
        Verdict.REGION_BLOCKED,
        Verdict.TAKEN_DOWN,
        Verdict.UNAVAILABLE,
    }
)
"""Verdicts about the target, which never cost an identity anything."""
REFUSALS = frozenset(Verdict) - PERMANENT - {Verdict.OK}
"""Verdicts about us, which never mark a target dead."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and why it fell."""

    verdict: Verdict
    rule: str
    """Name of the rule that matched, as `docs/routes-and-verdicts.md` lists them."""
    detail: str = ""
    """Codes, counts and texts for a person; no secrets."""
    retry_after_seconds: float | None = None
    """How long the site asks us to wait."""


def judge(reply: Reply, operation: Operation | None = None) -> Judgement:
    """Decide what an answer means; without an operation, anything readable is good."""
    for rule in RULES:
        judgement = rule(reply, operation)
        if judgement:
            return judgement
    return _unexpected(reply, operation)


CODES: Mapping[StatusCode, Verdict] = MappingProxyType(
    {
        StatusCode.LOGIN_EXPIRED: Verdict.LOGIN_REQUIRED,
        StatusCode.CLIENT_PAGE_ERROR: Verdict.SCHEMA_CHANGED,
        StatusCode.VERIFY_CODE: Verdict.CAPTCHA,
        StatusCode.SERVER_ERROR_NOT_500: Verdict.BLOCKED,
        StatusCode.USER_NOT_LOGIN: Verdict.LOGIN_REQUIRED,
        StatusCode.NET_ERROR: Verdict.NETWORK,
        StatusCode.SHARK_SLIDE: Verdict.CAPTCHA,
        StatusCode.SHARK_BLOCK: Verdict.CAPTCHA,
        StatusCode.LIVE_NEED_LOGIN: Verdict.LOGIN_REQUIRED,
        # Mostly our parameters; should the id be wrong, another route says so with its own code.
        StatusCode.INVALID_ENTITY: Verdict.GATED,
        StatusCode.USER_NOT_EXIST: Verdict.NOT_FOUND,
        StatusCode.MUSIC_NOT_EXIST: Verdict.NOT_FOUND,
        StatusCode.VIDEO_NOT_EXIST: Verdict.NOT_FOUND,
        StatusCode.HASHTAG_NOT_EXIST: Verdict.NOT_FOUND,
        StatusCode.EFFECT_NOT_EXIST: Verdict.NOT_FOUND,
        StatusCode.HASHTAG_BLACK_LIST: Verdict.UNAVAILABLE,
        StatusCode.LIVE_NOT_EXIST: Verdict.NOT_FOUND,
        StatusCode.HASHTAG_SENSITIVITY_WORD: Verdict.UNAVAILABLE,
        StatusCode.HASHTAG_UNSHELVE: Verdict.UNAVAILABLE,
        StatusCode.VIDEO_LOW_AGE_M: Verdict.AGE_GATED,
        StatusCode.VIDEO_LOW_AGE_T: Verdict.AGE_GATED,
        StatusCode.VIDEO_ABNORMAL: Verdict.UNAVAILABLE,
        StatusCode.VIDEO_PRIVATE_BY_USER: Verdict.PRIVATE,
        StatusCode.VIDEO_FIRST_REVIEW_UNSHELVE: Verdict.UNAVAILABLE,
        StatusCode.MUSIC_UNSHELVE: Verdict.UNAVAILABLE,
        StatusCode.MUSIC_NO_COPYRIGHT: Verdict.UNAVAILABLE,
        StatusCode.VIDEO_UNSHELVE_BY_MUSIC: Verdict.UNAVAILABLE,
        StatusCode.USER_BAN: Verdict.BANNED,
        StatusCode.USER_PRIVATE: Verdict.PRIVATE,
        StatusCode.USER_FTC: Verdict.UNAVAILABLE,
        StatusCode.GAME_NOT_EXIST: Verdict.NOT_FOUND,
        StatusCode.USER_UNIQUE_SENSITIVITY: Verdict.UNAVAILABLE,
        StatusCode.VIDEO_NEED_RECHECK: Verdict.UNAVAILABLE,
        StatusCode.VIDEO_RISK: Verdict.UNAVAILABLE,
        StatusCode.VIDEO_R_MASK: Verdict.UNAVAILABLE,
        StatusCode.VIDEO_RISK_MASK: Verdict.UNAVAILABLE,
        StatusCode.VIDEO_GEOFENCE_BLOCK: Verdict.REGION_BLOCKED,
        # The feed has no more to offer: its end, and no refusal.
        StatusCode.FYP_VIDEO_LIST_LIMIT: Verdict.OK,
        StatusCode.CREATIVE_CENTER_LOGIN: Verdict.LOGIN_REQUIRED,
        StatusCode.USER_NOT_FOUND: Verdict.NOT_FOUND,
        StatusCode.LOGIN_NEEDED: Verdict.LOGIN_REQUIRED,
    }
)
"""What TikTok's own codes mean; the code's name is the rule's."""

EXPECTS: Mapping[Operation, type[Item]] = MappingProxyType(
    {
        Operation.PROFILE: User,
        Operation.VIDEO: Video,
        Operation.HASHTAG: Hashtag,
        Operation.SOUND: Sound,
        Operation.SHOP_PRODUCT: Product,
    }
)
"""The record that a good answer holds; all other operations expect a page of a list."""

_GATEWAY_FAILURES = frozenset({408, 502, 503, 504, *range(520, 525)})
_REFUSING_STATUSES = frozenset({401, 403, 405, 412, 444})


def _connection(reply: Reply, _operation: Operation | None) -> Judgement | None:
    if reply.error or not reply.status:
        return Judgement(Verdict.NETWORK, "no_answer", reply.error or "no answer")
    if reply.status == 407:
        return _judgement(reply, Verdict.NETWORK, "proxy_refused")
    if reply.status in _GATEWAY_FAILURES:
        return _judgement(reply, Verdict.NETWORK, "gateway_failed")
    return None


def _captcha_answer(reply: Reply, _operation: Operation | None) -> Judgement | None:
    if reply.document.kind == "json" and signs.asks_captcha(reply.document.payload):
        return _judgement(reply, Verdict.CAPTCHA, "captcha_answer")
    return None


def _shop_refusal(reply: Reply, operation: Operation | None) -> Judgement | None:
    """How the shop says no: by where it sends us, by a product without its record, by a code of its own."""
    if signs.REGION_REDIRECT in reply.url or signs.REGION_REDIRECT in reply.headers.get("location", ""):
        return _judgement(reply, Verdict.REGION_BLOCKED, "region_redirect")
    refusal = shop_refusal(reply.document.payload)
    if refusal is Refusal.REGION or (refusal and signs.REGION_WORDS in reply.document.body):
        return _judgement(reply, Verdict.REGION_BLOCKED, "product_not_in_region")
    if refusal is Refusal.GONE:
        return _judgement(reply, Verdict.NOT_FOUND, "product_gone")
    code = refusal_code(reply.document.payload)
    if code == REFUSED and operation in (*SHOP, None):
        return _judgement(reply, Verdict.GATED, "shop_token", f"shop code {code}")
    if code and operation in SHOP:
        return _judgement(reply, Verdict.SCHEMA_CHANGED, "shop_code", f"shop code {code}")
    return None


def _status_code(reply: Reply, operation: Operation | None) -> Judgement | None:
    code = reply.document.status_code
    if not code or code not in CODES:
        return None
    known = StatusCode(code)
    if known is StatusCode.USER_PRIVATE and _is_readable(reply, operation):
        return _judgement(reply, Verdict.OK, "private_but_readable")
    if known is StatusCode.USER_PRIVATE and _is_embed(reply):
        return _judgement(reply, Verdict.PRIVATE, "embed_private")
    said = "the account is banned or does not exist" if known is StatusCode.USER_BAN else ""
    return _judgement(reply, CODES[known], known.rule, said)


def _login_redirect(reply: Reply, _operation: Operation | None) -> Judgement | None:
    address = urljoin(reply.url, reply.headers.get("location", "") if 300 <= reply.status < 400 else "")
    path = urlsplit(address).path
    if path == "/login" or path.startswith("/login/"):
        return _judgement(reply, Verdict.LOGIN_REQUIRED, "login_redirect")
    return None


def _refusal_page(reply: Reply, _operation: Operation | None) -> Judgement | None:
    """What a body without data shows; bodies with data are not searched for words."""
    document = reply.document
    if document.payload is not None or document.kind in ("json", "empty"):
        return None
    if signs.shows_waf_challenge(document.body):
        return _judgement(reply, Verdict.WAF_CHALLENGE, "waf_page")
    if signs.shows_captcha(document.body):
        return _judgement(reply, Verdict.CAPTCHA, "captcha_page")
    if _is_endpoint(reply) and signs.mentions_captcha(document.body):
        return _judgement(reply, Verdict.CAPTCHA, "captcha_on_endpoint")
    if signs.shows_refusal(document.body):
        return _judgement(reply, Verdict.BLOCKED, "refusal_page")
    if reply.headers.get("x-tt-system-error") == "3" and reply.status < 400:
        return _judgement(reply, Verdict.WAF_CHALLENGE, "waf_header")
    return None


def _refusing_status(reply: Reply, _operation: Operation | None) -> Judgement | None:
    if reply.document.script:
        return None  # a page whose data can be read is good, whatever its status
    if reply.status == 429:
        seconds = signs.retry_after_seconds(reply.headers)
        said = "" if seconds is None else f"Retry-After {seconds:g} s"
        return _judgement(reply, Verdict.RATE_LIMITED, "too_many_requests", said, seconds)
    if reply.status in _REFUSING_STATUSES:
        return _judgement(reply, Verdict.BLOCKED, "refusing_status")
    return None


def _no_content(reply: Reply, _operation: Operation | None) -> Judgement | None:
    if not 200 <= reply.status < 300:
        return None
    if "tt_orcas_res" in reply.headers and not reply.parsed.items:
        return _judgement(reply, Verdict.GATED, "orcas_header")
    if reply.document.kind == "empty":
        return _judgement(reply, Verdict.EMPTY, "zero_bytes")
    if reply.document.kind == "json" and reply.document.payload is None:
        return _judgement(reply, Verdict.NETWORK, "cut_answer")
    return None


def _expected(reply: Reply, operation: Operation | None) -> Judgement | None:
    """The good answers, and those that hold what was asked for and say that it may not be shown."""
    parsed = reply.parsed
    wanted = EXPECTS.get(operation) if operation else Item
    if wanted is None or (operation is None and parsed.page):
        return _list_page(reply)
    if wanted is Product and parsed.page:
        return None  # a list of the shop, to which a product's address may lead, is about others
    record = next((item for item in parsed.items if isinstance(item, wanted)), None)
    return (_restricted(reply, record) or _judgement(reply, Verdict.OK, "record")) if record else None


def _list_page(reply: Reply) -> Judgement | None:
    parsed = reply.parsed
    if parsed.page is None:
        return None
    if parsed.page.keys:
        return _judgement(reply, Verdict.OK, "rows")
    if parsed.defects:
        return _judgement(reply, Verdict.SCHEMA_CHANGED, "required_missing", parsed.defects[0])
    if is_abroad(reply.document.payload):
        return _judgement(reply, Verdict.WITHHELD, "empty_abroad")
    if signs.lost_search_session(reply.document.payload):
        return _judgement(reply, Verdict.WITHHELD, "search_session_lost")
    if _is_embed(reply) and any(isinstance(item, User) and item.is_private for item in parsed.items):
        return _judgement(reply, Verdict.PRIVATE, "embed_private")
    return _judgement(reply, Verdict.OK, "no_rows")


def _restricted(reply: Reply, record: Item) -> Judgement | None:
    """Posts and products whose record is served although they can't be had."""
    if isinstance(record, Product) and record.is_available is False:
        return _judgement(reply, Verdict.UNAVAILABLE, "product_unavailable")
    if not isinstance(record, Video):
        return None
    if record.is_taken_down:
        return _judgement(reply, Verdict.TAKEN_DOWN, "taken_down_post")
    if record.is_private:
        return _judgement(reply, Verdict.PRIVATE, "private_post")
    if record.is_age_gated and not record.renditions and not record.images:
        return _judgement(reply, Verdict.AGE_GATED, "age_gated_post")
    return None


def _http_status(reply: Reply, _operation: Operation | None) -> Judgement | None:
    if reply.status < 300:
        return None
    if reply.status >= 500:
        return _judgement(reply, Verdict.NETWORK, "server_error")
    if reply.status < 400:
        return _judgement(reply, Verdict.NO_DATA, "redirected")
    if reply.document.payload is None and reply.status == 451:
        return _judgement(reply, Verdict.REGION_BLOCKED, "http_legal_reasons")
    if reply.document.payload is None and reply.status in (404, 410) and not _is_endpoint(reply):
        return _judgement(reply, Verdict.NOT_FOUND, "http_gone")
    if signs.is_embed_error(reply.document.payload):
        return _judgement(reply, Verdict.NO_DATA, "embed_error")
    return _judgement(reply, Verdict.NO_DATA, "bad_request")


def _withheld(reply: Reply, operation: Operation | None) -> Judgement | None:
    payload = reply.document.payload
    hollow = signs.hollow_entity(payload)
    if hollow == "challengeInfo":
        return _judgement(reply, Verdict.NOT_FOUND, "hollow_hashtag")
    if hollow:
        return _judgement(reply, Verdict.WITHHELD, "hollow_record", hollow)
    if reply.document.kind != "json" or not signs.is_bare(payload) or reply.document.status_code:
        return None
    if operation in (Operation.FOLLOWERS, Operation.FOLLOWING):
        return _judgement(reply, Verdict.OK, "hidden_list")
    return _judgement(reply, Verdict.WITHHELD, "bare_status")


RULES: tuple[Callable[[Reply, Operation | None], Judgement | None], ...] = (
    _connection,
    _captcha_answer,
    _shop_refusal,
    _status_code,
    _login_redirect,
    _refusal_page,
    _refusing_status,
    _no_content,
    _expected,
    _http_status,
    _withheld,
)
"""In the order in which they are asked."""


def _unexpected(reply: Reply, _operation: Operation | None) -> Judgement:
    """What is left: an answer that could be read and holds nothing of what was asked for."""
    document, parsed = reply.document, reply.parsed
    if document.payload is None:
        return _judgement(reply, Verdict.NO_DATA, "no_payload")
    if document.status_code:
        return _judgement(reply, Verdict.SCHEMA_CHANGED, "unknown_code")
    if parsed.defects:
        return _judgement(reply, Verdict.SCHEMA_CHANGED, "required_missing", parsed.defects[0])
    if parsed.shape is None and document.kind == "json":
        return _judgement(reply, Verdict.SCHEMA_CHANGED, "unknown_shape")
    if signs.is_embed_error(document.payload):
        return _judgement(reply, Verdict.NO_DATA, "embed_error")
    return _judgement(reply, Verdict.NO_DATA, "no_record")


def _is_readable(reply: Reply, operation: Operation | None) -> bool:
    """True when an account said to be private shows what was asked for."""
    if operation in (None, Operation.PROFILE):
        return any(isinstance(item, User) and item.total_videos for item in reply.parsed.items)
    return bool(reply.parsed.page and reply.parsed.page.keys)


def _is_embed(reply: Reply) -> bool:
    return reply.document.script == "__FRONTITY_CONNECT_STATE__"


def _is_endpoint(reply: Reply) -> bool:
    return urlsplit(reply.url).path.startswith(("/api/", "/node/"))


def _judgement(
    reply: Reply, verdict: Verdict, rule: str, said: str = "", retry_after_seconds: float | None = None
) -> Judgement:
    code = reply.document.status_code
    facts = [f"HTTP {reply.status}", f"{len(reply.body)} bytes", f"code {code}" if code else "", said]
    return Judgement(verdict, rule, ", ".join(filter(None, facts)), retry_after_seconds)
