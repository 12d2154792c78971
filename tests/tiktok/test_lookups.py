"""Questions as callers write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tiktok.errors import InvalidQuestion, InvalidTarget
from tiktok.lookups import (
    DEFAULT_COUNT,
    MOST_COUNT,
    SUBJECTS,
    WITHOUT_TARGET,
    Lookup,
    Question,
    read_question,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_question_goes_over_the_wire_and_back() -> None:
    question = Question(Lookup.USER_VIDEOS, "khaby.lame", 12, "next")

    assert read_question(question.as_document()) == question


def test_a_list_that_nobody_counted_has_the_usual_number_of_rows() -> None:
    assert read_question({"lookup": "comments", "target": "7106594312292453675"}).rows == DEFAULT_COUNT


def test_text_is_trimmed_and_empty_text_is_none() -> None:
    question = read_question({"lookup": "user_videos", "target": " @khaby.lame ", "cursor": ""})

    assert (question.target, question.cursor) == ("@khaby.lame", None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"lookup": "everything"}, "lookup"),
        ({"lookup": ["user"]}, "lookup"),
        ({"lookup": "user"}, "target"),
        ({"lookup": "user", "target": 7}, "target"),
        ({"lookup": "user", "target": "x" * 3_000}, "target"),
        ({"lookup": "user", "target": "khaby.lame", "count": 3}, "count"),
        ({"lookup": "user", "target": "khaby.lame", "cursor": "3"}, "cursor"),
        ({"lookup": "user", "target": "khaby.lame", "category": "shoes"}, "category"),
        ({"lookup": "user_videos", "target": "khaby.lame", "count": 0}, "count"),
        ({"lookup": "user_videos", "target": "khaby.lame", "count": True}, "count"),
        ({"lookup": "user_videos", "target": "khaby.lame", "count": "30"}, "count"),
        ({"lookup": "user_videos", "target": "khaby.lame", "count": MOST_COUNT + 1}, "count"),
        ({"lookup": "user", "target": "khaby.lame", "limit": 3}, "limit"),
    ],
)
def test_what_makes_no_sense_is_refused_by_the_name_of_its_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidQuestion) as refused:
        read_question(given)

    assert refused.value.field == field
    assert str(refused.value).startswith(f"{field}: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("lookup", "target", "key"),
    [
        (Lookup.USER, "@Khaby.Lame", "khaby.lame"),
        (Lookup.VIDEO, "https://www.tiktok.com/@x/video/7106594312292453675?lang=en", "7106594312292453675"),
        (Lookup.COMMENTS, "7106594312292453675", "7106594312292453675"),
        (Lookup.HASHTAG_VIDEOS, "#Funny", "funny"),
        (Lookup.SOUND, "https://www.tiktok.com/music/title-7016547803243022337", "7016547803243022337"),
        (Lookup.SEARCH_USERS, "iphone case", "iphone case"),
        (Lookup.TRENDING, "", "trending"),
        (Lookup.SHOP_SEARCH, "iphone case", "iphone case"),
        (
            Lookup.SHOP_PRODUCT,
            "https://www.tiktok.com/shop/pdp/lamp/1729447605324124806",
            "1729447605324124806",
        ),
    ],
)
def test_a_subject_is_read_in_all_its_forms(lookup: Lookup, target: str, key: str) -> None:
    assert Question(lookup, target).subject(NOW).key == key


@pytest.mark.parametrize(
    ("category", "key", "region"),
    [
        (None, "home", None),
        ("electronics", "electronics", None),
        ("601152", "601152", None),
        ("https://shop.tiktok.com/gb/c/tops/601152", "GB:601152", "GB"),
        ("https://www.tiktok.com/shop/vn", "VN:home", "VN"),
    ],
)
def test_what_trends_in_the_shop_may_be_a_category(
    category: str | None, key: str, region: str | None
) -> None:
    target = Question(Lookup.SHOP_TRENDING, category=category).subject(NOW)

    assert (target.key, target.region) == (key, region)


def test_an_address_of_another_kind_is_no_subject() -> None:
    with pytest.raises(InvalidTarget, match="target"):
        Question(Lookup.USER, "https://www.tiktok.com/tag/funny").subject(NOW)


def test_every_lookup_has_a_subject() -> None:
    assert set(Lookup) == set(SUBJECTS) | WITHOUT_TARGET
