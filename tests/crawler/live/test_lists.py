"""Lookups of lists: each is given in pieces, and the pieces are the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fixtures.live import Reply, RunningLive
from tests.fixtures.standin import RunningStandin
from tiktok.lookups import WITHOUT_TARGET, Lookup

MOST_PIECES = 40


def pieces(live: RunningLive, lookup: str, target: str, count: int, **more: Any) -> Iterator[Reply]:
    """Go on by the cursor until there is none."""
    cursor = None
    for _ in range(MOST_PIECES):
        reply = live.look_up(lookup, target, count=count, cursor=cursor, **more)
        yield reply
        cursor = reply.document["list"]["cursor"]
        if cursor is None:
            return
    raise AssertionError("it goes on for ever")


def ids_in(replies: list[Reply]) -> list[str]:
    return [key for reply in replies for key in reply.ids]


@pytest.mark.parametrize("count", [7, 15, 20, 50])
def test_a_profile_is_walked_to_its_end_in_pieces_of_any_size(live: RunningLive, count: int) -> None:
    whole = live.look_up("user_videos", "khaby.lame", count=200)

    found = list(pieces(live, "user_videos", "khaby.lame", count))

    assert ids_in(found) == whole.ids
    assert len(set(whole.ids)) == 120
    assert all(len(reply.ids) == count for reply in found[:-1])
    assert found[-1].document["list"]["complete"]
    assert not any(reply.document["list"]["complete"] for reply in found[:-1])
    assert {reply.document["list"]["truncated"] for reply in found} == {None}
    assert {reply.document["list"]["declared"] for reply in found} == {120}


def test_all_routes_on_the_way_to_a_list_are_told(live: RunningLive, standin: RunningStandin) -> None:
    standin.add_fault("forbidden", "/api/creator/item_list*")

    reply = live.look_up("user_videos", "khaby.lame", count=5)

    tries = [(one["route"], one["verdict"]) for one in reply.document["tries"]]
    assert tries[:2] == [("page", "ok"), ("list", "blocked")]
    assert tries[-1] == (reply.document["route"], "ok")
    assert len(set(tries)) == len(tries)


@pytest.mark.parametrize("count", [2, 4])
def test_pinned_posts_come_once(live: RunningLive, count: int) -> None:
    whole = live.look_up("user_videos", "pinned.old", count=100)

    found = ids_in(list(pieces(live, "user_videos", "pinned.old", count)))

    assert found == whole.ids
    assert len(found) == len(set(found)) == 60


def test_posts_that_come_out_meanwhile_push_nothing_out(live: RunningLive, standin: RunningStandin) -> None:
    first = live.look_up("user_videos", "khaby.lame", count=20)
    standin.change(day=5)

    rest = live.look_up("user_videos", "khaby.lame", count=200, cursor=first.document["list"]["cursor"])

    assert len(set(first.ids + rest.ids)) == 120
    assert not set(first.ids) & set(rest.ids)


@pytest.mark.parametrize("lookup", ["hashtag_videos", "sound_videos"])
def test_other_lists_of_posts_go_on_where_the_endpoint_answers(
    live: RunningLive, standin: RunningStandin, known: dict[str, Any], lookup: str
) -> None:
    standin.change(open=["signed"])
    target = "funny" if lookup == "hashtag_videos" else known["sound"]["id"]

    first = live.look_up(lookup, target, count=40)
    second = live.look_up(lookup, target, count=40, cursor=first.document["list"]["cursor"])

    both = live.look_up(lookup, target, count=80)
    assert (first.outcome, second.document["route"]) == ("ok", "api")
    assert first.ids + second.ids == both.ids
    assert len(set(both.ids)) == 80


def test_the_head_that_everybody_sees_is_called_truncated(live: RunningLive) -> None:
    reply = live.look_up("hashtag_videos", "funny", count=30)

    told = reply.document["list"]
    assert (reply.document["route"], len(reply.ids)) == ("embed", 10)
    assert (told["complete"], told["found"], told["declared"]) == (False, 10, 600)
    assert "head_only" in told["truncated"]
    assert reply.outcome == "gated"


def test_a_head_that_is_asked_for_in_pieces_gives_no_row_twice(live: RunningLive) -> None:
    found = list(pieces(live, "hashtag_videos", "funny", 4))

    assert [len(reply.ids) for reply in found] == [4, 4, 2, 0]
    assert len(set(ids_in(found))) == 10


def test_comments_come_without_replies_and_go_on(live: RunningLive) -> None:
    (post, *_) = live.look_up("user_videos", "khaby.lame", count=10).document["items"][5:]

    first = live.look_up("comments", post["id"], count=25)
    second = live.look_up("comments", post["id"], count=25, cursor=first.document["list"]["cursor"])

    comments = [*first.document["items"], *second.document["items"]]
    assert len({comment["id"] for comment in comments}) == 50
    assert {comment["parent_id"] for comment in comments} == {None}
    assert {comment["video_id"] for comment in comments} == {post["id"]}


@pytest.mark.parametrize("lookup", ["user_followers", "user_following"])
def test_who_follows_whom_is_told_newest_first_and_goes_on(live: RunningLive, lookup: str) -> None:
    first = live.look_up(lookup, "khaby.lame", count=40)
    second = live.look_up(lookup, "khaby.lame", count=40, cursor=first.document["list"]["cursor"])

    both = live.look_up(lookup, "khaby.lame", count=80)
    assert first.ids + second.ids == both.ids
    assert len(set(both.ids)) == 80
    assert "khaby.lame" not in {user["username"] for user in both.document["items"]}


def test_a_list_that_is_hidden_is_not_an_empty_one(live: RunningLive) -> None:
    reply = live.look_up("user_following", "hidden.follows")

    assert reply.outcome == "withheld"
    assert (reply.ids, reply.document["list"]["complete"]) == ([], False)
    assert "blocked_or_hidden" in reply.document["list"]["truncated"]


def test_an_account_without_posts_is_empty_and_complete(live: RunningLive) -> None:
    reply = live.look_up("user_videos", "empty.room")

    assert (reply.outcome, reply.ids) == ("empty", [])
    assert reply.document["list"]["complete"]


def test_a_private_account_has_no_list(live: RunningLive) -> None:
    reply = live.look_up("user_videos", "private.garden")

    assert (reply.outcome, reply.ids, reply.document["list"]) == ("private", [], None)


def test_the_feed_is_another_one_at_each_call_and_has_no_cursor(live: RunningLive) -> None:
    reply = live.look_up("trending", count=20)

    assert (reply.outcome, len(reply.ids)) == ("ok", 20)
    assert (reply.document["list"]["cursor"], reply.document["list"]["complete"]) == (None, False)


@pytest.mark.parametrize("lookup", ["search_users", "search_videos"])
def test_a_search_that_is_refused_says_so(live: RunningLive, lookup: str) -> None:
    reply = live.look_up(lookup, "iphone case")

    assert reply.outcome in ("gated", "withheld", "blocked")
    assert reply.document["tries"]


def test_a_walk_that_is_refused_in_the_middle_goes_on_later(
    live: RunningLive, standin: RunningStandin
) -> None:
    first = live.look_up("user_videos", "khaby.lame", count=15)
    standin.add_fault("forbidden", "/api/creator/item_list*")
    standin.add_fault("empty", "/api/post/item_list*")
    standin.add_fault("forbidden", "/embed/*")
    refused = live.look_up("user_videos", "khaby.lame", count=15, cursor=first.document["list"]["cursor"])
    standin.drop_faults()

    second = live.look_up("user_videos", "khaby.lame", count=15, cursor=first.document["list"]["cursor"])

    assert refused.outcome not in ("ok", "empty")
    assert refused.document["list"]["truncated"]
    assert first.ids + second.ids == live.look_up("user_videos", "khaby.lame", count=30).ids


@pytest.mark.parametrize(
    "lookup", [lookup for lookup in Lookup if lookup.is_list and lookup not in WITHOUT_TARGET]
)
def test_a_cursor_of_another_list_does_no_harm(
    live: RunningLive, lookup: Lookup, known: dict[str, Any]
) -> None:
    cursor = live.look_up("user_videos", "khaby.lame", count=20).document["list"]["cursor"]
    (post,) = live.look_up("user_videos", "khaby.lame", count=1).ids
    targets = {"comments": post, "sound_videos": known["sound"]["id"]}

    reply = live.look_up(lookup, targets.get(lookup, "khaby.lame"), cursor=cursor)

    assert reply.status == 200


def test_the_shop_is_searched_and_goes_on(live: RunningLive) -> None:
    first = live.look_up("shop_search", "iphone case", count=20)
    second = live.look_up("shop_search", "iphone case", count=20, cursor=first.document["list"]["cursor"])

    both = live.look_up("shop_search", "iphone case", count=40)
    assert (first.outcome, {item["type"] for item in first.document["items"]}) == ("ok", {"product"})
    assert first.ids + second.ids == both.ids
    assert len(set(both.ids)) == 40
