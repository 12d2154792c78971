"""Pages with `__UNIVERSAL_DATA_FOR_REHYDRATION__`: every page but the embed ones since 2024 (facts A.3).

The data is cut into scopes; those about the page's subject hold the same objects as the API's details. A
client-rendered page has none of them, which says nothing about its subject.
"""

from __future__ import annotations

from collections.abc import Callable

from tiktok.parsing.details import parse_detail
from tiktok.parsing.documents import entity_scopes
from tiktok.parsing.results import Parsed, merged
from tiktok.parsing.values import Json, Object, integer, mapping
from tiktok.parsing.visitors import parse_visitor


def has_scope(name: str) -> Callable[[Json], bool]:
    """Recognises a page with this scope."""
    return lambda payload: name in mapping(mapping(payload).get("__DEFAULT_SCOPE__"))


def parse_universal_page(payload: Json) -> Parsed:
    """Read all scopes that are about something."""
    page = merged(_scope(name, scope) for name, scope in entity_scopes(payload))
    page.visitor = parse_visitor(mapping(payload))
    return page


def _scope(name: str, scope: Object) -> Parsed:
    parsed = parse_detail(scope)
    if parsed is None:
        # A refused subject leaves a status behind, an accepted one must leave data.
        return Parsed(defects=[] if integer(scope.get("statusCode")) else [name])
    parsed.defects = [f"{name}.{defect}" for defect in parsed.defects]
    return parsed
