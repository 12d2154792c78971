from __future__ import annotations

from datetime import timedelta

import pytest

from pipelines.selection import Selection
from tests.pipelines.samples import NOON, sound, video

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("selection", "is_wanted"),
    [
        (Selection(), True),
        (Selection(since=NOON - HOUR), True),
        (Selection(since=NOON), True),
        (Selection(since=NOON + HOUR), False),
        (Selection(until=NOON + HOUR), True),
        (Selection(until=NOON), False),
        (Selection(until=NOON - HOUR), False),
        (Selection(since=NOON, until=NOON + HOUR), True),
    ],
)
def test_since_is_included_and_until_is_not(selection: Selection, is_wanted: bool) -> None:
    post = video(created_at=NOON)

    assert selection.wants(post) is is_wanted


def test_an_item_without_a_time_is_always_wanted() -> None:
    selection = Selection(since=NOON, until=NOON + HOUR)

    assert selection.wants(sound())
    assert selection.wants(video(created_at=None))


def test_only_what_lies_before_since_makes_older_pages_useless() -> None:
    selection = Selection(since=NOON)

    assert selection.is_before(NOON - HOUR)
    assert not selection.is_before(NOON)
    assert not Selection(until=NOON).is_before(NOON - HOUR)


def test_different_questions_have_different_scopes() -> None:
    selections = [
        Selection(),
        Selection(since=NOON),
        Selection(until=NOON),
        Selection(limit=5),
        Selection(since=NOON, limit=5),
    ]

    scopes = {selection.scope for selection in selections}

    assert len(scopes) == len(selections)
    assert Selection().scope == ""
    assert Selection(since=NOON, limit=5).scope == Selection(since=NOON, limit=5).scope
