"""Pages with `__NEXT_DATA__`: all pages until 2021.

Seen: 2020-03 and 2020-09 post (`videoData`), 2021-01 profile (`userInfo`, its first posts in `items`, paging
in `videoList…`).
"""

from __future__ import annotations

from tiktok.parsing.details import parse_detail
from tiktok.parsing.posts import parse_post
from tiktok.parsing.results import Parsed, Visitor, merged
from tiktok.parsing.rows import parse_list
from tiktok.parsing.values import Json, Object, digits, mapping


def is_next_page(payload: Json) -> bool:
    """Next's own frame."""
    return isinstance(_properties(payload), dict)


def parse_next_page(payload: Json) -> Parsed:
    """Read the page's subject and its list; listed posts stand first."""
    properties = mapping(_properties(payload))
    parts = [_listed(properties), parse_detail(properties), Parsed(visitor=_visitor(properties))]
    return merged(part for part in parts if part)


def _properties(payload: Json) -> Json:
    return mapping(mapping(payload).get("props")).get("pageProps")


def _listed(properties: Object) -> Parsed | None:
    rows = properties.get("items")
    if not isinstance(rows, list):
        return None
    return parse_list(
        rows,
        "items",
        parse_post,
        cursor=properties.get("videoListMaxCursor"),
        has_more=properties.get("videoListHasMore"),
    )


def _visitor(properties: Object) -> Visitor | None:
    device_id = digits(properties.get("webId"))
    return Visitor(device_id=device_id) if device_id else None
