"""Merging two sights of one thing, over many made-up ones."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store.upserts.merging import merge_batch, overlay
from store.upserts.rows import ENCODERS
from store.upserts.shapes import VIDEOS, Row
from tiktok.items import Video, display_round

COUNTS = st.none() | st.integers(0, 3_000_000)
SIGHTS: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    views=COUNTS,
    saves=COUNTS,
    description=st.none() | st.text(max_size=3),
    exact=st.booleans(),
)


def encode(seen: str, *, exact: bool, **told: Any) -> Row:
    counters = {name: told[name] for name in ("views", "saves") if told[name] is not None}
    if not exact:
        counters = {name: display_round(value) for name, value in counters.items()}
    video = Video(
        id="1",
        description=told["description"],
        exact_counters=frozenset(counters if exact else ()),
        **counters,
    )
    return ENCODERS[Video].encode(video, seen)


@given(SIGHTS, SIGHTS)
def test_nothing_known_is_ever_lost(older: dict[str, Any], newer: dict[str, Any]) -> None:
    base, top = encode("2026-01-01", **older), encode("2026-01-02", **newer)

    merged = overlay(VIDEOS, base, top)

    for old, new, kept in zip(base, top, merged, strict=True):
        assert (kept is None) == (old is None and new is None)


@given(SIGHTS, SIGHTS)
def test_each_counter_is_either_sights_and_keeps_its_own_precision(
    older: dict[str, Any], newer: dict[str, Any]
) -> None:
    base, top = encode("2026-01-01", **older), encode("2026-01-02", **newer)

    merged = overlay(VIDEOS, base, top)

    exact = VIDEOS.counters.stop
    for bit, position in enumerate(range(VIDEOS.counters.start, exact)):
        told = [(row[position], row[exact] >> bit & 1) for row in (base, top) if row[position] is not None]
        if told:
            assert (merged[position], merged[exact] >> bit & 1) in told


@given(SIGHTS, SIGHTS)
def test_seeing_the_same_again_changes_nothing(older: dict[str, Any], newer: dict[str, Any]) -> None:
    base, top = encode("2026-01-01", **older), encode("2026-01-02", **newer)
    merged = overlay(VIDEOS, base, top)

    assert overlay(VIDEOS, merged, top) == merged
    assert overlay(VIDEOS, merged, merged) == merged


@given(SIGHTS, SIGHTS)
def test_a_batch_may_come_in_any_order(first: dict[str, Any], second: dict[str, Any]) -> None:
    rows = [encode("2026-01-01", **first), encode("2026-01-02", **second)]

    results = [merge_batch(VIDEOS, [list(row) for row in order]) for order in permutations(rows)]

    assert results[0] == results[1]


@given(st.lists(st.integers(0, 2**63 - 1), unique=True))
def test_a_batch_is_sorted_by_key(ids: list[int]) -> None:
    rows = [ENCODERS[Video].encode(Video(id=str(number)), "2026-01-01") for number in ids]

    assert list(merge_batch(VIDEOS, rows)) == sorted(ids)
