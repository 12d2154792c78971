from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.spiders.profile import ProfileSpider
from store.jobs.arguments import (
    Argument,
    InvalidArgument,
    count,
    moment,
    one_of,
    read_arguments,
    switch,
    word,
)

DECLARED = (
    Argument("user", word, "@name or URL", is_required=True),
    Argument("limit", count, "most rows"),
    Argument("fresh", switch, "1: start over", default=False),
)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (count, "1", 1),
        (count, "5000", 5_000),
        (moment, "2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        (moment, "2026-01-31T12:30:00Z", datetime(2026, 1, 31, 12, 30, tzinfo=UTC)),
        (moment, "2026-01-31T12:30:00+02:00", datetime(2026, 1, 31, 10, 30, tzinfo=UTC)),
        (moment, "2026-01-31 12:30", datetime(2026, 1, 31, 12, 30, tzinfo=UTC)),
        (switch, "1", True),
        (switch, "Yes", True),
        (switch, "true", True),
        (switch, "0", False),
        (switch, "no", False),
        (one_of("videos", "users"), "users", "users"),
        (word, "anything, at all", "anything, at all"),
    ],
)
def test_a_text_becomes_a_value(read: Callable[[str, str], Any], text: str, value: object) -> None:
    assert read("name", text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (count, "0"),
        (count, "-1"),
        (count, "1.5"),
        (count, "ten"),
        (count, "٣"),
        (moment, "tomorrow"),
        (moment, "31.01.2026"),
        (moment, "2026-02-30"),
        (switch, "maybe"),
        (one_of("videos", "users"), "sounds"),
    ],
)
def test_a_text_that_fits_nothing_is_refused_by_name_with_the_fix(
    read: Callable[[str, str], Any], text: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        read("argument", text)

    line = str(caught.value)
    assert line.startswith(f"argument: {text!r} is ")
    assert "; write " in line
    assert "\n" not in line


def test_what_is_not_given_takes_its_default() -> None:
    values = read_arguments("profile", DECLARED, {"user": " @somebody "})

    assert values == {"user": "@somebody", "limit": None, "fresh": False}


@pytest.mark.parametrize("given", [{}, {"user": ""}, {"user": "  "}, {"user": None}])
def test_a_missing_required_argument_says_how_to_give_it(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument, match=r"^user: is missing; add -a user=… \(@name or URL\)$"):
        read_arguments("profile", DECLARED, given)


@pytest.mark.parametrize(
    ("name", "hint"), [("usr", "did you mean user?"), ("colour", "it takes user, limit, fresh")]
)
def test_an_unknown_argument_says_which_there_are(name: str, hint: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        read_arguments("profile", DECLARED, {"user": "somebody", name: "x"})

    assert str(caught.value) == f"{name}: spider profile has no such argument; {hint}"


def test_what_scrapyd_adds_is_accepted() -> None:
    values = read_arguments("profile", DECLARED, {"user": "somebody", "_job": "1", "_version": "2"})

    assert set(values) == {"user", "limit", "fresh"}


def test_until_must_come_after_since() -> None:
    with pytest.raises(
        InvalidArgument, match=r"^until: 2026-01-01 is not after since; swap them or drop one$"
    ):
        ProfileSpider(user="somebody", since="2026-02-01", until="2026-01-01")


def test_a_list_of_nothing_but_commas_is_refused() -> None:
    with pytest.raises(InvalidArgument, match=r"^user: names nothing; add -a user=… "):
        ProfileSpider(user=" , ,").check("https://www.tiktok.com")
