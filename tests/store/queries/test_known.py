"""What is known already."""

from __future__ import annotations

from sqlalchemy import Engine

from store.queries.known import known_video_ids
from store.upserts import write
from tests.store.factories import make_video


def test_only_stored_posts_are_known(engine: Engine) -> None:
    write(engine, [make_video(id="1"), make_video(id="2"), make_video(id="7400000000000000003")])

    known = known_video_ids(engine, ["2", "7400000000000000003", "7400000000000000004"])

    assert known == {"2", "7400000000000000003"}


def test_nothing_asked_is_nothing_known(engine: Engine) -> None:
    assert known_video_ids(engine, []) == set()
