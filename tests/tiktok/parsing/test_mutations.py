"""Whatever is broken in a payload, parsing and judging go on."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiktok.items import Item
from tiktok.replies import Reply
from tiktok.verdicts import judge

HANDMADE = sorted((Path(__file__).parents[1] / "captures").glob("*/*.json"))
PAYLOADS = [orjson.loads(path.read_bytes()) for path in HANDMADE]

junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "0", "-1", "https://x", "2026-01-01", "9" * 30, "١٢", "@", "#", "\u0000"]),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.just([None, 1, "x", {}]),
    st.just({"id": [], "url_list": 3}),
)

Place = tuple[Any, ...]


def places(value: Any, above: Place = ()) -> Iterator[Place]:
    """Where something stands in a payload: keys and indices from the top."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, each in entries:
        yield (*above, key)
        yield from places(each, (*above, key))


def put(payload: Any, place: Place, value: Any) -> None:
    """Replace what stands there, unless an earlier mutation took the place away."""
    *above, last = place
    for key in above:
        try:
            payload = payload[key]
        except (KeyError, IndexError, TypeError):
            return
    fits = (isinstance(payload, dict) and isinstance(last, str)) or (
        isinstance(payload, list) and isinstance(last, int) and last < len(payload)
    )
    if fits:
        payload[last] = value


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    payload = copy.deepcopy(draw(st.sampled_from(PAYLOADS)))
    for place in draw(st.lists(st.sampled_from(list(places(payload))), min_size=1, max_size=6)):
        put(payload, place, copy.deepcopy(draw(junk)))
    return payload


def assert_storable(item: Item) -> None:
    assert type(item.key) is str
    assert item.key
    for name in item.counters:
        value = getattr(item, name)
        assert value is None or (type(value) is int and 0 <= value < 2**63)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(payload=mutated())
def test_a_broken_payload_is_read_as_far_as_it_goes(payload: Any) -> None:
    reply = Reply(url="https://www.tiktok.com/", status=200, body=orjson.dumps(payload))

    verdict = judge(reply).verdict

    assert verdict
    for item in reply.parsed.items:
        assert_storable(item)
    if reply.parsed.page is not None:
        assert all(reply.parsed.page.keys)


@pytest.mark.parametrize("payload", PAYLOADS, ids=[f"{path.parent.name}/{path.stem}" for path in HANDMADE])
def test_every_single_place_may_hold_nothing(payload: Any) -> None:
    for place in places(payload):
        broken = copy.deepcopy(payload)
        put(broken, place, None)

        reply = Reply(url="https://www.tiktok.com/", status=200, body=orjson.dumps(broken))

        assert judge(reply).verdict
        for item in reply.parsed.items:
            assert_storable(item)
