"""Single values are read tolerantly, and what says nothing is `None`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tiktok.parsing import values
from tiktok.urls import uploaded_at


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        ("7", 7),
        ("-7", -7),
        (7.0, 7),
        (3_000_000_000, 3_000_000_000),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        ("9" * 30, None),
        (7.5, None),
        (float("inf"), None),
        (float("nan"), None),
        (1e300, None),
        (True, None),
        ("", None),
        ("-", None),
        ("1,200", None),
        ("1.2M", None),
        ("٣", None),
        (" 7", None),
        (None, None),
        ([7], None),
    ],
)
def test_integer(value: Any, number: int | None) -> None:
    assert values.integer(value) == number


def test_a_negative_counter_is_unknown_and_zero_is_known() -> None:
    assert values.count(-1) is None
    assert values.count("0") == 0


def test_a_measure_of_zero_is_unknown() -> None:
    assert values.positive(0) is None
    assert values.positive("576") == 576


@pytest.mark.parametrize(
    ("value", "known"),
    [(True, True), (0, False), (1, True), (2, None), ("1", None), (1.0, None), (None, None), ({}, None)],
)
def test_flag(value: Any, known: bool | None) -> None:
    assert values.flag(value) is known


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("7600000000000000100", "7600000000000000100"),
        (7600000000000000100, "7600000000000000100"),
        ("0", None),
        (0, None),
        ("", None),
        (True, None),
        (-5, None),
        ("12a", None),
        ("1" * 21, None),
        (1.0, None),
    ],
)
def test_digits(value: Any, found: str | None) -> None:
    assert values.digits(value) == found


@pytest.mark.parametrize("value", [1_769_500_000, "1769500000", 1_769_500_000_000, "1769500000000"])
def test_moment_takes_seconds_and_milliseconds(value: Any) -> None:
    assert values.moment(value) == datetime(2026, 1, 27, 7, 46, 40, tzinfo=UTC)


@pytest.mark.parametrize("value", [0, "0", -1, 10**15, "soon", None, True])
def test_moment_of_nothing_is_unknown(value: Any) -> None:
    assert values.moment(value) is None


def test_upload_time_is_what_the_id_says() -> None:
    assert values.upload_moment("7600000000000000100") == uploaded_at("7600000000000000100")


@pytest.mark.parametrize("video_id", ["5", "123456789012345", "99999999999999999999"])
def test_upload_time_of_an_impossible_id_is_unknown(video_id: str) -> None:
    assert values.upload_moment(video_id) is None


@pytest.mark.parametrize(
    ("value", "links"),
    [
        ("https://a.example/1", ["https://a.example/1"]),
        ("//a.example/1", ["https://a.example/1"]),
        (["https://a.example/1", "", None, "https://a.example/1"], ["https://a.example/1"]),
        ([{"src": "https://a.example/1"}], ["https://a.example/1"]),
        ({"src": "https://a.example/1"}, ["https://a.example/1"]),
        ({"UrlList": ["https://a.example/1"]}, ["https://a.example/1"]),
        ({"url_list": None}, []),
        ({"UrlList": {"UrlList": "https://a.example/1"}}, ["https://a.example/1"]),
        ("javascript:alert(1)", []),
        (5, []),
        (None, []),
    ],
)
def test_urls(value: Any, links: list[str]) -> None:
    assert values.urls(value) == links


def test_text_keeps_what_is_empty_and_filled_does_not() -> None:
    assert values.text("") == ""
    assert values.filled("") is None
    assert values.text(5) is None


def test_username_is_lower_case_without_the_at_sign() -> None:
    assert values.username("@Nora.Paints") == "nora.paints"
    assert values.username("@") is None
    assert values.username(None) is None


def test_objects_skip_what_is_none() -> None:
    assert list(values.objects([{"a": 1}, None, "x", {"b": 2}])) == [{"a": 1}, {"b": 2}]
    assert list(values.objects({"a": 1})) == [{"a": 1}]
    assert list(values.objects({})) == []
    assert list(values.objects("rows")) == []
