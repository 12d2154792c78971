"""Checkpoints, outcomes and the marks they leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from store.listings import find_listing
from store.models import ListingRow, OutcomeRow, UserRow, VideoRow
from store.models.crawls import TARGET_LENGTH
from store.upserts import Counts, write
from tests.store.factories import LATER, NOON, make_user, make_video, read_row, read_rows
from tiktok.items import User
from tiktok.outcomes import Listing, ListState, Outcome
from tiktok.routes import Operation
from tiktok.urls import TargetKind
from tiktok.verdicts import PERMANENT, REFUSALS, Verdict

MUCH_LATER = LATER + timedelta(days=1)


def make_listing(**fields: Any) -> Listing:
    full: dict[str, Any] = {
        "operation": Operation.PROFILE_VIDEOS,
        "target": "maya",
        "state": ListState.RUNNING,
        "cursor": "1740000000000",
        "found": 15,
        "declared": 411,
        "reason": "page 1",
        "route": "list",
        "at": NOON,
    }
    return Listing(**full | fields)


def make_outcome(**fields: Any) -> Outcome:
    full: dict[str, Any] = {
        "operation": Operation.VIDEO,
        "kind": TargetKind.VIDEO,
        "target": make_video().id,
        "outcome": Verdict.NOT_FOUND,
        "reason": "10204",
        "route": "page",
        "at": LATER,
    }
    return Outcome(**full | fields)


def test_a_checkpoint_comes_back_as_it_went_in(engine: Engine) -> None:
    listing = make_listing(scope="since=2026-01-01", started_at=NOON)

    write(engine, [], [listing, make_listing(cursor="other scope")])

    assert find_listing(engine, Operation.PROFILE_VIDEOS, "maya", "since=2026-01-01") == listing


def test_an_unknown_list_has_no_checkpoint(engine: Engine) -> None:
    write(engine, [], [make_listing()])

    assert find_listing(engine, Operation.PROFILE_VIDEOS, "tom") is None
    assert find_listing(engine, Operation.COMMENTS, "maya") is None


def test_the_last_checkpoint_of_a_batch_counts(engine: Engine) -> None:
    pages = [make_listing(cursor=str(page), found=15 * page) for page in range(1, 6)]

    write(engine, [], pages)

    assert find_listing(engine, Operation.PROFILE_VIDEOS, "maya") == replace(pages[-1], started_at=NOON)


def test_many_lists_share_a_batch_and_another(engine: Engine) -> None:
    lists = [make_listing(target=f"user{n}") for n in range(40)]
    write(engine, [], lists)

    again = {"cursor": "2", "at": LATER, "started_at": NOON}
    write(engine, [], [make_listing(target=f"user{n}", **again) for n in range(40)])

    assert {row["cursor"] for row in read_rows(engine, ListingRow)} == {"2"}
    assert {row["started_at"] for row in read_rows(engine, ListingRow)} == {NOON}


@pytest.mark.parametrize("state", ListState)
def test_a_walk_tells_when_it_began(engine: Engine, state: ListState) -> None:
    write(engine, [], [make_listing(state=state)])

    write(engine, [], [make_listing(at=LATER, started_at=NOON)])
    resumed = read_row(engine, ListingRow)
    write(engine, [], [make_listing(at=MUCH_LATER)])
    anew = read_row(engine, ListingRow)

    assert (resumed["started_at"], resumed["updated_at"]) == (NOON, LATER)
    assert (anew["started_at"], anew["updated_at"]) == (MUCH_LATER, MUCH_LATER)


def test_long_searches_have_checkpoints_of_their_own(engine: Engine) -> None:
    words = ["x" * TARGET_LENGTH, "x" * 300, "x" * 300 + "y", "😀" * 300]

    write(engine, [], [make_listing(target=word, cursor=str(n)) for n, word in enumerate(words)])

    found = [find_listing(engine, Operation.PROFILE_VIDEOS, word) for word in words]
    assert [listing and listing.cursor for listing in found] == ["0", "1", "2", "3"]


def test_an_outcome_tells_since_when_it_is_so(engine: Engine) -> None:
    write(engine, [], [make_outcome(at=NOON), make_outcome(target="2", outcome=Verdict.OK, at=NOON)])

    write(engine, [], [make_outcome(at=LATER), make_outcome(target="2", outcome=Verdict.PRIVATE, at=LATER)])

    rows = {row["target"]: row for row in read_rows(engine, OutcomeRow)}
    assert (rows[make_video().id]["first_seen_at"], rows[make_video().id]["at"]) == (NOON, LATER)
    assert (rows["2"]["first_seen_at"], rows["2"]["at"]) == (LATER, LATER)


@pytest.mark.parametrize("verdict", sorted(PERMANENT))
def test_a_post_that_is_gone_stays_and_is_marked(engine: Engine, verdict: Verdict) -> None:
    write(engine, [make_video(), make_video(id="2")])

    write(engine, [], [make_outcome(outcome=verdict)])

    marks = {row["id"]: (row["outcome"], row["outcome_at"]) for row in read_rows(engine, VideoRow)}
    assert marks == {make_video().id: (verdict, LATER), "2": (None, None)}


@pytest.mark.parametrize("verdict", sorted(REFUSALS - {Verdict.EMPTY}))
def test_a_refusal_neither_marks_nor_unmarks(engine: Engine, verdict: Verdict) -> None:
    write(engine, [make_video(), make_video(id="2")], [make_outcome(target="2")])

    write(engine, [], [make_outcome(outcome=verdict), make_outcome(target="2", outcome=verdict)])

    marks = {row["id"]: row["outcome"] for row in read_rows(engine, VideoRow)}
    assert marks == {make_video().id: None, "2": "not_found"}


def test_a_profile_is_marked_by_its_name_and_unmarked_when_it_is_back(engine: Engine) -> None:
    profile = {"operation": Operation.PROFILE, "kind": TargetKind.USER, "target": "maya"}
    write(engine, [make_user(), make_user(id="2", username="tom")])

    write(engine, [], [make_outcome(outcome=Verdict.BANNED, **profile)])
    marked = {row["username"]: row["outcome"] for row in read_rows(engine, UserRow)}
    write(engine, [], [make_outcome(outcome=Verdict.OK, at=MUCH_LATER, **profile)])

    assert marked == {"maya": "banned", "tom": None}
    assert {row["outcome"] for row in read_rows(engine, UserRow)} == {None}


def test_a_hidden_list_of_followers_does_not_mark_the_profile(engine: Engine) -> None:
    write(engine, [make_user()])

    write(
        engine,
        [],
        [
            make_outcome(
                operation=Operation.FOLLOWERS, kind=TargetKind.USER, target="maya", outcome=Verdict.PRIVATE
            )
        ],
    )

    assert read_row(engine, UserRow)["outcome"] is None


def test_a_post_that_is_seen_again_is_back(engine: Engine) -> None:
    write(engine, [make_video()], [make_outcome()])

    written = write(engine, [make_video(scraped_at=MUCH_LATER)])

    row = read_row(engine, VideoRow)
    assert (row["outcome"], row["outcome_at"], row["changed_at"]) == (None, None, MUCH_LATER)
    assert written.by_type["video"] == Counts(changed=1)


@pytest.mark.parametrize("flag", ["is_private", "is_taken_down", "is_age_gated"])
def test_the_shell_of_a_hidden_post_does_not_bring_it_back(engine: Engine, flag: str) -> None:
    write(engine, [make_video()], [make_outcome()])

    write(engine, [make_video(scraped_at=MUCH_LATER, **{flag: True})])

    assert read_row(engine, VideoRow)["outcome"] == "not_found"


def test_a_sight_before_the_outcome_does_not_bring_a_post_back(engine: Engine) -> None:
    write(engine, [make_video()], [make_outcome(at=MUCH_LATER)])

    write(engine, [make_video(scraped_at=LATER)])

    assert read_row(engine, VideoRow)["outcome"] == "not_found"


def test_the_last_outcome_of_a_batch_leaves_its_mark(engine: Engine) -> None:
    gone, back = make_outcome(), make_outcome(outcome=Verdict.OK, at=MUCH_LATER)

    write(engine, [make_video(), make_video(id="2")], [gone, back])
    write(engine, [], [make_outcome(target="2", outcome=Verdict.OK), make_outcome(target="2", at=MUCH_LATER)])

    assert {row["id"]: row["outcome"] for row in read_rows(engine, VideoRow)} == {
        make_video().id: None,
        "2": "not_found",
    }


def test_the_mark_of_a_partial_author_stays(engine: Engine) -> None:
    profile = {"operation": Operation.PROFILE, "kind": TargetKind.USER, "target": "maya"}
    write(engine, [make_user()], [make_outcome(outcome=Verdict.PRIVATE, **profile)])

    write(engine, [User(id=make_user().id, display_name="from a comment", scraped_at=MUCH_LATER)])

    assert read_row(engine, UserRow)["outcome"] == "private"
