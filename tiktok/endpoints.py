"""The request that asks for an operation over a route: endpoints, their parameters, counts and cursors.

Values are encoded once. Endpoints keep their trailing slash: without it the site redirects and the query of a
signed request is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import quote, urlencode

from tiktok.devices import Device
from tiktok.errors import MissingKnowledge, NoRequest
from tiktok.routes import LADDERS, SHOP, Operation, Route
from tiktok.shop_endpoints import direct_address, list_question, on_site, page_address
from tiktok.shop_targets import SHOP_SITE
from tiktok.short_links import PREVIEW_USER_AGENT
from tiktok.urls import SITE, Target, TargetKind

__all__ = ["Ask", "Device", "Known", "build_ask", "build_shop_ask", "oembed_url", "short_link_ask"]

ACCEPT_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ACCEPT_JSON = "application/json, text/plain, */*"
ACCEPT_POSTED = "application/json,*/*;q=0.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What earlier answers told about the target and the visit."""

    username: str | None = None
    sec_uid: str | None = None
    user_id: str | None = None
    challenge_id: str | None = None
    """A hashtag's id (`Hashtag.id`)."""
    comment_id: str | None = None
    """The comment whose replies are asked for."""
    search_id: str | None = None
    """`ListPage.search_id` of a search's first page; without it the second is empty."""
    ms_token: str | None = None
    """Newest value of the cookie; absent is safe, invented or stale is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request."""

    operation: Operation | None
    """`None` for short links, which must be resolved before anything can be asked."""
    route: Route | None
    url: str
    """Encoded; send these exact bytes."""
    headers: Mapping[str, str]
    """Headers that depend on what is asked; the identity adds its own (User-Agent, cookies)."""
    cursor: str | None = None
    body: bytes = b""
    """JSON, which makes it a POST; empty for a GET."""

    @property
    def method(self) -> str:
        """As HTTP names it."""
        return "POST" if self.body else "GET"


@dataclass(frozen=True, slots=True)
class _Question:
    """What an endpoint's parameters are made from."""

    target: Target
    device: Device
    known: Known
    cursor: str | None
    count: int

    @property
    def offset(self) -> str:
        """The cursor of lists that start at 0."""
        return self.cursor or "0"

    @property
    def username(self) -> str | None:
        return self.known.username or self.target.username

    @property
    def sec_uid(self) -> str:
        return _needed(self.known.sec_uid or self.target.sec_uid, "sec_uid")

    @property
    def user(self) -> str:
        """Whatever stands after the @ of a profile's address: the site takes any of the three there."""
        known = (self.username, self.known.sec_uid, self.known.user_id)
        return self.target.key if self.target.kind is TargetKind.USER else next(filter(None, known), "_")


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """One JSON endpoint."""

    path: str
    parameters: Callable[[_Question], Mapping[str, str]]
    from_page: str
    count: int = 0
    """Rows a page as the site itself asks; other counts stand out."""
    most: int = 0
    """Rows beyond which the endpoint refuses with 10201, or answers nothing."""


def _needed(value: str | None, field: str) -> str:
    if not value:
        raise MissingKnowledge(field)
    return value


def _user_detail(ask: _Question) -> Mapping[str, str]:
    sec_uid = ask.known.sec_uid or ask.target.sec_uid or ""
    return {"uniqueId": ask.username or ("" if sec_uid else _needed(None, "username")), "secUid": sec_uid}


def _creator_list(ask: _Question) -> Mapping[str, str]:
    # `type=0` returns duplicates. The cursor is a time: there is no start without knowing what time it is.
    cursor = _needed(ask.cursor, "cursor")
    return {"secUid": ask.sec_uid, "type": "1", "count": str(ask.count), "cursor": cursor}


def _post_list(ask: _Question) -> Mapping[str, str]:
    return {
        "secUid": ask.sec_uid,
        "count": str(ask.count),
        "cursor": ask.offset,
        "coverFormat": "2",
        "locate_item_id": "",
        "needPinnedItemIds": "true",
        "post_item_list_request_type": "0",
    }


def _comment_list(ask: _Question) -> Mapping[str, str]:
    return {
        "aweme_id": ask.target.key,
        "count": str(ask.count),
        "cursor": ask.offset,
        "current_region": ask.device.region,
        "enter_from": "tiktok_web",
        "fromWeb": "1",
    }


def _reply_list(ask: _Question) -> Mapping[str, str]:
    # `item_id` is the post's: with the comment's own id in its place the answer is empty.
    return {
        "item_id": ask.target.key,
        "comment_id": _needed(ask.known.comment_id, "comment_id"),
        "count": str(ask.count),
        "cursor": ask.offset,
        "current_region": ask.device.region,
        "fromWeb": "1",
    }


def _search(ask: _Question) -> Mapping[str, str]:
    session = {"search_id": ask.known.search_id} if ask.known.search_id else {}
    return {
        "keyword": ask.target.key,
        "count": str(ask.count),
        "cursor": ask.offset,
        "offset": ask.offset,
    } | session


def _user_list(scene: str) -> Callable[[_Question], Mapping[str, str]]:
    def parameters(ask: _Question) -> Mapping[str, str]:
        return {
            "secUid": ask.sec_uid,
            "scene": scene,
            "count": str(ask.count),
            "minCursor": ask.offset,
            "maxCursor": "0",
        }

    return parameters


def _challenge_list(ask: _Question) -> Mapping[str, str]:
    challenge_id = _needed(ask.known.challenge_id, "challenge_id")
    return {"challengeID": challenge_id, "count": str(ask.count), "cursor": ask.offset}


def _music_list(ask: _Question) -> Mapping[str, str]:
    return {"musicID": ask.target.key, "count": str(ask.count), "cursor": ask.offset}


ENDPOINTS: Mapping[tuple[Operation, Route], _Endpoint] = MappingProxyType(
    {
        (Operation.PROFILE, Route.API): _Endpoint("user/detail", _user_detail, "user"),
        (Operation.PROFILE_VIDEOS, Route.LIST): _Endpoint(
            "creator/item_list", _creator_list, "user", count=15, most=15
        ),
        (Operation.PROFILE_VIDEOS, Route.API): _Endpoint(
            "post/item_list", _post_list, "user", count=16, most=35
        ),
        (Operation.VIDEO, Route.API): _Endpoint(
            "item/detail", lambda ask: {"itemId": ask.target.key}, "video"
        ),
        (Operation.HASHTAG, Route.API): _Endpoint(
            "challenge/detail", lambda ask: {"challengeName": ask.target.key}, "challenge"
        ),
        (Operation.HASHTAG_VIDEOS, Route.API): _Endpoint(
            "challenge/item_list", _challenge_list, "challenge", count=30, most=35
        ),
        (Operation.SOUND, Route.API): _Endpoint(
            "music/detail", lambda ask: {"musicId": ask.target.key}, "music"
        ),
        (Operation.SOUND_VIDEOS, Route.API): _Endpoint(
            "music/item_list", _music_list, "music", count=30, most=35
        ),
        (Operation.COMMENTS, Route.API): _Endpoint("comment/list", _comment_list, "video", count=20, most=50),
        (Operation.REPLIES, Route.API): _Endpoint(
            "comment/list/reply", _reply_list, "video", count=20, most=20
        ),
        # An unexpected count empties a search's answer.
        (Operation.SEARCH_VIDEOS, Route.API): _Endpoint(
            "search/general/full", _search, "search", count=12, most=12
        ),
        (Operation.SEARCH_USERS, Route.API): _Endpoint(
            "search/user/full", _search, "search", count=20, most=20
        ),
        (Operation.TRENDING, Route.API): _Endpoint(
            "recommend/item_list", lambda ask: {"count": str(ask.count)}, "fyp", count=30, most=30
        ),
        (Operation.FOLLOWERS, Route.API): _Endpoint("user/list", _user_list("67"), "user", count=30, most=30),
        (Operation.FOLLOWING, Route.API): _Endpoint("user/list", _user_list("21"), "user", count=30, most=30),
    }
)
"""The JSON endpoint of each operation that one can be asked for without a browser."""

PAGES: Mapping[TargetKind, Callable[[_Question], str]] = MappingProxyType(
    {
        TargetKind.USER: lambda ask: f"/@{ask.user}",
        # A photo post's own address lacks its record; under /video/ it is served. The user part is cosmetic.
        TargetKind.VIDEO: lambda ask: f"/@{ask.username or '_'}/video/{ask.target.key}",
        TargetKind.HASHTAG: lambda ask: f"/tag/{quote(ask.target.key, safe='')}",
        TargetKind.SOUND: lambda ask: f"/music/x-{ask.target.key}",
        TargetKind.SEARCH: lambda ask: f"/search?q={quote(ask.target.key, safe='')}",
        TargetKind.TRENDING: lambda _ask: "/foryou",
    }
)
"""The page that a person would open: asked itself, or named as the referer of what it would ask."""

VISITED: frozenset[Operation] = frozenset(
    operation for operation in LADDERS if Route.BROWSER in LADDERS[operation]
) - {Operation.REPLIES, *SHOP}
"""What a browser can show by opening one page; replies are unfolded in a visit to the comments."""

SEARCH_TABS: Mapping[Operation, str] = MappingProxyType(
    {Operation.SEARCH_VIDEOS: "/video", Operation.SEARCH_USERS: "/user"}
)
"""The part of the search page that shows nothing but what is asked for."""

EMBEDS: Mapping[TargetKind, Callable[[_Question], str]] = MappingProxyType(
    {
        TargetKind.USER: lambda ask: f"/embed/@{_needed(ask.username, 'username')}",
        TargetKind.VIDEO: lambda ask: f"/embed/v2/{ask.target.key}",
        TargetKind.HASHTAG: lambda ask: f"/embed/tag/{quote(ask.target.key, safe='')}",
        TargetKind.SOUND: lambda ask: f"/embed/music/{ask.target.key}",
    }
)
"""The page made for other sites to show."""


def build_ask(
    operation: Operation,
    route: Route,
    target: Target,
    *,
    site: str = SITE,
    device: Device,
    cursor: str | None = None,
    count: int | None = None,
    known: Known = Known(),
) -> Ask:
    """The request for one page of an operation.

    Replies are asked of the video as target with `known.comment_id`. A `count` above the endpoint's most is
    lowered to it. Raises `MissingKnowledge` when an earlier answer must come first, `NoRequest` when no single
    GET asks for this.
    """
    endpoint = _endpoint_of(operation, route)
    rows = min(count or endpoint.count, endpoint.most) if endpoint else 0
    question = _Question(target, device, known, cursor, rows)
    if endpoint:
        referer = site + PAGES[target.kind](question)
        url = _endpoint_url(site, endpoint, question, referer)
        return Ask(
            operation=operation,
            route=route,
            url=url,
            headers=_headers(ACCEPT_JSON, device, referer),
            cursor=cursor,
        )
    return Ask(
        operation=operation,
        route=route,
        url=site + _page_path(operation, route, question),
        headers=_headers(ACCEPT_PAGE, device, f"{site}/"),
    )


def build_shop_ask(
    operation: Operation,
    route: Route,
    target: Target,
    *,
    site: str = SHOP_SITE,
    device: Device,
    cursor: str | None = None,
) -> Ask:
    """The request for an operation of the shop, which is a site of its own.

    Raises `MissingKnowledge` when a page must come first, `NoRequest` when no single request asks for this.
    """
    if route not in LADDERS[operation]:
        raise NoRequest(operation, route)
    page = on_site(target.url, site)
    match route:
        case Route.PAGE | Route.BROWSER:
            url = page_address(operation, route, target, site)
            return Ask(
                operation=operation, route=route, url=url, headers=_headers(ACCEPT_PAGE, device, f"{site}/")
            )
        case Route.SSR:
            url = direct_address(operation, target, site)
            return Ask(operation=operation, route=route, url=url, headers=_headers(ACCEPT_JSON, device, page))
        case Route.LIST:
            url, body = list_question(operation, target, site, cursor)
            headers = {**_headers(ACCEPT_POSTED, device, page), "Content-Type": "application/json"}
            return Ask(operation=operation, route=route, url=url, headers=headers, cursor=cursor, body=body)
    raise NoRequest(operation, route)


def oembed_url(target: Target, *, site: str = SITE) -> str:
    """TikTok's documented oEmbed answer for a post or profile: a second opinion about whether it exists."""
    return f"{site}/oembed?{_query({'url': target.url})}"


def short_link_ask(target: Target, *, site: str = SITE) -> Ask:
    """The first hop of a short link; redirects are followed by hand, see `tiktok.short_links.next_hop`."""
    url = target.url if site == SITE else f"{site}/t/{target.key}/"
    return Ask(
        operation=None, route=None, url=url, headers={"User-Agent": PREVIEW_USER_AGENT, "Accept": "*/*"}
    )


def _endpoint_of(operation: Operation, route: Route) -> _Endpoint | None:
    """A session asks the same endpoints; its page's script signs them."""
    is_signed = route is Route.SESSION and route in LADDERS[operation]
    return ENDPOINTS.get((operation, Route.API if is_signed else route))


def _page_path(operation: Operation, route: Route, question: _Question) -> str:
    kind = question.target.kind
    if route is Route.BROWSER and operation in SEARCH_TABS and kind is TargetKind.SEARCH:
        return f"/search{SEARCH_TABS[operation]}?q={quote(question.target.key, safe='')}"
    paths = {Route.PAGE: PAGES, Route.EMBED: EMBEDS, Route.BROWSER: PAGES}.get(route)
    is_visit = route is not Route.BROWSER or operation in VISITED
    if paths is None or kind not in paths or route not in LADDERS[operation] or not is_visit:
        raise NoRequest(operation, route)
    return paths[kind](question)


def _endpoint_url(site: str, endpoint: _Endpoint, question: _Question, referer: str) -> str:
    token = {"msToken": question.known.ms_token} if question.known.ms_token else {}
    parameters = {
        "from_page": endpoint.from_page,
        "root_referer": referer,
        **endpoint.parameters(question),
        **token,
    }
    return f"{site}/api/{endpoint.path}/?{_device_query(question.device)}&{_query(parameters)}"


@lru_cache
def _device_query(device: Device) -> str:
    """The longest part of a query, and the same in all requests of an identity."""
    return _query(device.parameters())


def _query(parameters: Mapping[str, str]) -> str:
    return urlencode(parameters, quote_via=quote, safe="")


def _headers(accept: str, device: Device, referer: str) -> Mapping[str, str]:
    language = f"{device.browser_language},{device.language};q=0.9"
    return {"Accept": accept, "Accept-Language": language, "Referer": referer}
