from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.soundness import find_defect
from tests.pipelines.samples import NOON, comment, hashtag, sound, user, video
from tiktok.items import Item


@pytest.mark.parametrize("item", [video(), user(), sound(), hashtag(), comment()], ids=lambda item: item.type)
def test_a_sound_item_has_no_defect(item: Item) -> None:
    assert find_defect(item) is None


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (video(id="abc"), "id"),
        (video(id=""), "id"),
        (video(id="-5"), "id"),
        (video(id="٣٤٥"), "id"),
        (user(id="0"), "id"),
        (sound(id=str(2**63)), "id"),
        (hashtag(""), "name"),
        (hashtag("x" * 256), "name"),
        (video(views=-1), "views"),
        (user(followers=2**63), "followers"),
        (video(created_at=datetime(2026, 1, 1)), "created_at"),  # noqa: DTZ001  # the defect itself
        (video(created_at=datetime(1970, 1, 1, tzinfo=UTC)), "created_at"),
        (comment(created_at=datetime(1970, 1, 1, tzinfo=UTC)), "created_at"),
    ],
)
def test_a_defect_is_told_in_one_line_that_begins_with_the_field(item: Item, field: str) -> None:
    defect = find_defect(item)

    assert defect is not None
    assert defect.startswith(f"{field}: ")
    assert "\n" not in defect


@pytest.mark.parametrize(
    "fields",
    [
        {"views": 0},
        {"views": None},
        {"views": 2**63 - 1},
        {"id": str(2**63 - 1)},
        {"created_at": None},
        {"created_at": NOON},
    ],
)
def test_what_is_unknown_or_large_is_no_defect(fields: dict[str, Any]) -> None:
    assert find_defect(video(**fields)) is None
