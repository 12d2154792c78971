"""Rows of a list to items, and how the list's page describes itself: shared by every list there is."""

from __future__ import annotations

from collections.abc import Callable

from tiktok.items import Item
from tiktok.parsing.results import ListPage, Parsed, distinct
from tiktok.parsing.values import Json, Object, count, filled, flag, integer, mapping

RowParser = Callable[[Object], list[Item] | None]
"""Reads one row: the listed item first, then what came along with it; nothing when the row lacks its id,
`None` when it is no row of the list (a dummy, a card of another kind)."""


def parse_list(
    rows: Json,
    path: str,
    parse_row: RowParser,
    *,
    cursor: Json = None,
    has_more: Json = None,
    declared: Json = None,
    search_id: str | None = None,
) -> Parsed:
    """Read a page of a list; a row that can't be read is a defect, and no reason to lose the others.

    Rows that are missing or `null` are none; rows in another form than a list are a defect, or a changed schema
    would pass for an empty list.
    """
    listed: list[Item] = []
    along: list[Item] = []
    defects = [] if rows is None or isinstance(rows, list) else [path]
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        items = parse_row(mapping(row))
        if items:
            listed.append(items[0])
            along += items[1:]
        elif items is not None:
            defects.append(f"{path}[{index}].id")
    page = ListPage(
        keys=[item.key for item in listed],
        cursor=read_cursor(cursor),
        has_more=flag(has_more),
        declared=count(declared),
        search_id=search_id,
    )
    return Parsed(items=distinct([*listed, *along]), page=page, defects=defects)


def read_cursor(value: Json) -> str | None:
    """A cursor as the next request must send it; some endpoints write it as number, some as string."""
    number = integer(value)
    return filled(value) if number is None else str(number)


def read_search_id(payload: Object) -> str | None:
    """The log id that ties a search's pages together (facts B.6)."""
    return filled(mapping(payload.get("extra")).get("logid")) or filled(
        mapping(payload.get("log_pb")).get("impr_id")
    )
