"""Counters are called exact only when they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tiktok.items import ROUNDED_FROM, display_round
from tiktok.parsing.exactness import exact_names


def test_small_counters_are_exact_and_unknown_ones_are_not() -> None:
    assert exact_names({"views": 9_999, "likes": 0, "shares": None}) == {"views", "likes"}


def test_a_counter_that_rounding_gives_is_exact_only_when_its_source_is() -> None:
    assert exact_names({"views": 105_200, "saves": 124_800}, ["saves"]) == {"saves"}


def test_a_counter_that_rounding_never_gives_is_exact() -> None:
    assert exact_names({"views": 105_249, "likes": 3_803_813}) == {"views", "likes"}


@given(st.integers(min_value=ROUNDED_FROM, max_value=10**12))
def test_no_rounded_counter_passes_for_exact(value: int) -> None:
    assert exact_names({"views": display_round(value)}) == set()
