"""What is known already."""

from __future__ import annotations

from sqlalchemy import Engine

from store.queries.known import comments_lacking_replies, known_video_ids, pinned_video_ids
from store.upserts import write
from tests.store.factories import make_comment, make_video


def test_only_stored_posts_are_known(engine: Engine) -> None:
    write(engine, [make_video(id="1"), make_video(id="2"), make_video(id="7400000000000000003")])

    known = known_video_ids(engine, ["2", "7400000000000000003", "7400000000000000004"])

    assert known == {"2", "7400000000000000003"}


def test_nothing_asked_is_nothing_known(engine: Engine) -> None:
    assert known_video_ids(engine, []) == set()


def test_pinned_posts_are_told_per_author(engine: Engine) -> None:
    write(
        engine,
        [
            make_video(id="1", user_id="7", is_pinned=True),
            make_video(id="2", user_id="7", is_pinned=False),
            make_video(id="3", user_id="7", is_pinned=None),
            make_video(id="4", user_id="8", is_pinned=True),
        ],
    )

    assert pinned_video_ids(engine, "7") == {"1"}


def test_comments_lack_the_replies_that_are_not_stored(engine: Engine) -> None:
    top = {"parent_id": None, "video_id": "5"}
    write(
        engine,
        [
            make_comment(id="1", replies_count=2, **top),
            make_comment(id="2", replies_count=1, **top),
            make_comment(id="3", replies_count=3, **top),
            make_comment(id="4", replies_count=0, **top),
            make_comment(id="5", replies_count=None, **top),
            make_comment(id="6", replies_count=9, parent_id=None, video_id="6"),
            make_comment(id="11", parent_id="1", video_id="5"),
            make_comment(id="21", parent_id="2", video_id="5"),
        ],
    )

    assert comments_lacking_replies(engine, "5") == {"1": 2, "3": 3}
