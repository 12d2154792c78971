"""Whatever becomes of a page, reading it never raises, and what is found can be stored.

JSON answers are broken in `test_mutations.py`.
"""

from __future__ import annotations

import copy
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok.items import json_value
from tiktok.parsing import Parsed, parse
from tiktok.parsing.documents import Document, read_document

HANDMADE = Path(__file__).parents[1] / "captures"
BODIES = [path.read_bytes() for path in sorted(HANDMADE.glob("*/*.html"))]
PAYLOADS = [document.payload for document in map(read_document, BODIES) if document.payload]

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**70), max_value=2**70)
    | st.floats()
    | st.sampled_from(
        ["", "0", "-1", "7600000000000000100", "99999999999999999999", "//x", "https://x", "@", "#"]
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def paths_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a payload, the payload itself included."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [path, *(deeper for key, child in children for deeper in paths_in(child, (*path, key)))]


PLACES = [(payload, path) for payload in PAYLOADS for path in paths_in(payload)]


def replaced(payload: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of the payload with another value in one place."""
    if not path:
        return value
    mutated = copy.deepcopy(payload)
    spot = mutated
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value
    return mutated


def assert_storable(parsed: Parsed) -> None:
    keys = [(item.type, item.key) for item in parsed.items]
    assert len(keys) == len(set(keys))
    assert all(key for _type, key in keys)
    for item in parsed.items:
        stored = {name: value for name, value in asdict(item).items() if name != "exact_counters"}
        assert orjson.dumps(stored, default=json_value)  # rejects what UTF-8 or 64 bits can't carry
        assert all(count is None or count >= 0 for count in (getattr(item, name) for name in item.counters))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PLACES), json_values)
def test_any_value_in_any_place_is_survived(place: tuple[Any, tuple[Any, ...]], value: Any) -> None:
    payload = replaced(*place, value)

    parsed = parse(Document("json", None, payload, b""))

    assert_storable(parsed)


@settings(max_examples=200, deadline=None)
@given(json_values)
def test_any_payload_is_survived(payload: Any) -> None:
    assert_storable(parse(Document("json", None, payload, b"")))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(BODIES), st.floats(0, 1), st.floats(0, 1), st.binary(max_size=8))
def test_any_damage_to_a_body_is_survived(body: bytes, start: float, length: float, junk: bytes) -> None:
    begin = int(start * len(body))
    damaged = body[:begin] + junk + body[begin + int(length * (len(body) - begin)) :]

    document = read_document(damaged)

    assert_storable(parse(document))
    assert document.status_code is None or isinstance(document.status_code, int)
