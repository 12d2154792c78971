"""Which routes lead to what we want to know, best first.

A ladder is ordered by what the route tells (quality), then by how steadily it answers. The crawler says which
routes it can walk today; the others are skipped. What makes it leave a route is in `tiktok.aftermath`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType


class Route(StrEnum):
    """A way to get at the site's content."""

    EMBED = "embed"
    """Pages made for other sites to show (`/embed/…`): anonymous, the steadiest, ten rows and no more."""
    PAGE = "page"
    """What people open: one full record as JSON within the HTML."""
    SSR = "ssr"
    """The shop's page without its HTML (`__ssrDirect`)."""
    LIST = "list"
    """Unsigned lists: `creator/item_list`, a whole history; the shop's `product_list`, what follows a page."""
    API = "api"
    """The JSON endpoints behind the pages; gated, some only answer signed requests."""
    SESSION = "session"
    """The same endpoints, signed by TikTok's own page in a browser."""
    BROWSER = "browser"
    """A browser opens the page and we read what the page itself fetches."""
    CURATED = "curated"
    """Shipped sample records of the shop, always labelled so."""


class Operation(StrEnum):
    """What can be asked about a target."""

    PROFILE = "profile"
    PROFILE_VIDEOS = "profile_videos"
    VIDEO = "video"
    HASHTAG = "hashtag"
    HASHTAG_VIDEOS = "hashtag_videos"
    SOUND = "sound"
    SOUND_VIDEOS = "sound_videos"
    COMMENTS = "comments"
    REPLIES = "replies"
    SEARCH_VIDEOS = "search_videos"
    SEARCH_USERS = "search_users"
    TRENDING = "trending"
    FOLLOWERS = "followers"
    FOLLOWING = "following"
    SHOP_PRODUCT = "shop_product"
    SHOP_SEARCH = "shop_search"
    SHOP_CATEGORY = "shop_category"
    SHOP_STORE = "shop_store"
    SHOP_TRENDING = "shop_trending"

    @property
    def is_list(self) -> bool:
        """True when the answer is a page of rows, false when it is one record."""
        return self not in RECORDS


RECORDS = frozenset(
    {Operation.PROFILE, Operation.VIDEO, Operation.HASHTAG, Operation.SOUND, Operation.SHOP_PRODUCT}
)
"""Operations that ask for one record."""
SHOP_LISTS = frozenset(
    {Operation.SHOP_SEARCH, Operation.SHOP_CATEGORY, Operation.SHOP_STORE, Operation.SHOP_TRENDING}
)
"""Lists of products: the page holds the first of them, other routes what follows."""
SHOP = SHOP_LISTS | {Operation.SHOP_PRODUCT}
"""Operations that ask the shop, which is a site of its own."""

_GATED = (Route.API, Route.SESSION, Route.BROWSER)

LADDERS: Mapping[Operation, tuple[Route, ...]] = MappingProxyType(
    {
        # Only the page tells followers and likes exactly; the embed page rounds and tells less.
        Operation.PROFILE: (Route.PAGE, Route.API, Route.EMBED, Route.BROWSER),
        # The embed page comes last: ten newest posts are better than none, but never the history.
        Operation.PROFILE_VIDEOS: (Route.LIST, Route.API, Route.SESSION, Route.BROWSER, Route.EMBED),
        # item/detail omits a dozen fields of the page; the embed page still has author and sound.
        Operation.VIDEO: (Route.PAGE, Route.EMBED, Route.API, Route.BROWSER),
        # The tag's own page is rendered without its record more often than with it.
        Operation.HASHTAG: (Route.EMBED, Route.PAGE, Route.API, Route.SESSION, Route.BROWSER),
        Operation.HASHTAG_VIDEOS: (*_GATED, Route.EMBED),
        Operation.SOUND: (Route.EMBED, Route.PAGE, Route.API, Route.SESSION, Route.BROWSER),
        Operation.SOUND_VIDEOS: (*_GATED, Route.EMBED),
        Operation.COMMENTS: _GATED,
        Operation.REPLIES: _GATED,
        # A search that the page did not issue itself is mostly refused; asking costs one request.
        Operation.SEARCH_VIDEOS: (Route.API, Route.BROWSER),
        Operation.SEARCH_USERS: (Route.API, Route.BROWSER),
        Operation.TRENDING: _GATED,
        Operation.FOLLOWERS: (Route.API, Route.SESSION),
        Operation.FOLLOWING: (Route.API, Route.SESSION),
        Operation.SHOP_PRODUCT: (Route.PAGE, Route.SSR, Route.BROWSER),
        # The page shows the first rows and how to ask the list for more. What is known of a list's start is also
        # known without a page, so the list is asked where the page is refused.
        Operation.SHOP_SEARCH: (Route.PAGE, Route.SSR, Route.LIST, Route.BROWSER, Route.CURATED),
        Operation.SHOP_CATEGORY: (Route.PAGE, Route.LIST, Route.BROWSER, Route.CURATED),
        Operation.SHOP_STORE: (Route.PAGE, Route.LIST, Route.BROWSER),
        Operation.SHOP_TRENDING: (Route.PAGE, Route.LIST, Route.BROWSER, Route.CURATED),
    }
)
"""The routes of each operation, in the order in which they are tried."""


def next_route(operation: Operation, after: Route | None, available: Collection[Route]) -> Route | None:
    """The first available route below `after`, from the top when `after` is `None`; `None` at the end."""
    ladder = LADDERS[operation]
    below = ladder if after is None else ladder[ladder.index(after) + 1 :]
    return next((route for route in below if route in available), None)
