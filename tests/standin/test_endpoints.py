"""The JSON endpoints: what they answer and how their cursors run (facts B.1–B.7, F)."""

from __future__ import annotations

from typing import Any

import pytest

from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.standin.conftest import DEVICE, Visitor

MARKS = landmarks(World(7, 1_000))
KHABY = MARKS["accounts"]["khaby.lame"]
TAG, SOUND = MARKS["hashtag"]["id"], MARKS["sound"]["id"]


def by_offset(visitor: Visitor, path: str, name: str = "itemList", **query: object) -> list[Any]:
    """Walk a list by its own cursor until it says that it has ended."""
    rows: list[Any] = []
    cursor = "0"
    for _ in range(200):
        page = visitor.json(path, cursor=cursor, **query)
        rows += page[name] or []
        if not page.get("hasMore", page.get("has_more")):
            return rows
        assert int(page["cursor"]) > int(cursor)
        cursor = str(page["cursor"])
    raise AssertionError("the list has no end")


GATED = [
    ("/api/user/detail/", {"uniqueId": "khaby.lame"}),
    ("/api/user/list/", {"secUid": KHABY["sec_uid"], "scene": "67"}),
    ("/api/item/detail/", {"itemId": KHABY["newest_post"]}),
    ("/api/comment/list/", {"aweme_id": KHABY["newest_post"]}),
    ("/api/challenge/detail/", {"challengeName": "funny"}),
    ("/api/recommend/item_list/", {}),
]
SIGNED = [
    ("/api/post/item_list/", {"secUid": KHABY["sec_uid"]}),
    ("/api/challenge/item_list/", {"challengeID": TAG}),
    ("/api/music/detail/", {"musicId": SOUND}),
    ("/api/music/item_list/", {"musicID": SOUND}),
    ("/api/explore/item_list/", {"categoryType": "104"}),
    ("/api/related/item_list/", {"itemID": KHABY["newest_post"]}),
]
SEARCHES = ["/api/search/general/full/", "/api/search/item/full/", "/api/search/user/full/"]


@pytest.mark.parametrize(("path", "query"), GATED + SIGNED)
def test_without_a_device_id_the_answer_is_an_empty_200_with_the_header(
    insider: Visitor, path: str, query: dict[str, str]
) -> None:
    reply = insider.get(path, **query)

    assert (reply.status_code, reply.content, reply.headers["tt_orcas_res"]) == (200, b"", "1")


@pytest.mark.parametrize(("path", "query"), GATED)
def test_with_a_device_id_the_gate_opens(visitor: Visitor, path: str, query: dict[str, str]) -> None:
    reply = visitor.get(path, **query, **DEVICE)

    assert len(reply.content) > 300
    assert "tt_orcas_res" not in reply.headers


@pytest.mark.parametrize(("path", "query"), SIGNED)
def test_what_only_the_page_can_sign_stays_closed_until_opened(
    visitor: Visitor, insider: Visitor, path: str, query: dict[str, str]
) -> None:
    insider.http.delete("/__standin__/settings")
    closed = visitor.get(path, **query, **DEVICE)
    insider.http.post("/__standin__/settings", json={"open": ["signed"]})
    opened = insider.get(path, **query, **DEVICE)

    assert (closed.content, closed.headers["tt_orcas_res"]) == (b"", "1")
    assert len(opened.content) > 300


@pytest.mark.parametrize("path", SEARCHES)
def test_searching_wants_a_login_even_when_signed(insider: Visitor, path: str) -> None:
    insider.http.post("/__standin__/settings", json={"open": ["signed"]})

    guest = insider.get(path, keyword="iphone case", **DEVICE)
    insider.http.cookies.set("sessionid", "standin-session-1")
    member = insider.get(path, keyword="iphone case", **DEVICE)

    assert (guest.status_code, guest.content) == (200, b"")
    assert "tt_orcas_res" not in guest.headers
    assert len(member.content) > 1_000


def test_user_detail_is_exact_and_missing_users_have_their_code(visitor: Visitor) -> None:
    found = visitor.json("/api/user/detail/", uniqueId="khaby.lame", secUid="")
    missing = visitor.json("/api/user/detail/", uniqueId="nobody.of.that.name", secUid="")

    assert found["userInfo"]["statsV2"]["followerCount"] == "162345678"
    assert missing["statusCode"] == 100002
    assert missing["userInfo"]["user"] == {}


def test_item_detail_has_fewer_keys_than_the_page(visitor: Visitor) -> None:
    answer = visitor.json("/api/item/detail/", itemId=KHABY["newest_post"])
    missing = visitor.json("/api/item/detail/", itemId="7600000000000000100")

    assert answer["itemInfo"]["itemStruct"]["id"] == KHABY["newest_post"]
    assert "challenges" not in answer["itemInfo"]["itemStruct"]
    assert (missing["statusCode"], missing["status_code"]) == (10204, 0)


def test_followers_run_backwards_in_time_down_to_the_depth(visitor: Visitor) -> None:
    seen: list[str] = []
    cursor, more = 0, True
    while more:
        page = visitor.json(
            "/api/user/list/", secUid=KHABY["sec_uid"], scene=67, count=30, minCursor=cursor, maxCursor=0
        )
        assert not cursor or page["minCursor"] < cursor
        seen += [row["user"]["id"] for row in page["userList"]]
        cursor, more = page["minCursor"], page["hasMore"]

    assert len(seen) == len(set(seen)) == 999
    assert page["total"] == 162_345_678
    assert "createTime" not in page["userList"][0]["user"]


def test_a_hidden_following_list_is_absent_rather_than_empty(visitor: Visitor) -> None:
    sec_uid = visitor.sec_uid("hidden.follows")

    following = visitor.json("/api/user/list/", secUid=sec_uid, scene=21)
    followers = visitor.json("/api/user/list/", secUid=sec_uid, scene=67)

    assert "userList" not in following
    assert followers["userList"]


def test_comments_and_their_replies_add_up_to_the_counter(visitor: Visitor) -> None:
    newest = visitor.world.account_called("new.handle")
    assert newest is not None
    page = visitor.page_of_history("new.handle").json()
    post = next(item for item in page["itemList"] if 30 < item["stats"]["commentCount"] < 10_000)

    comments = by_offset(visitor, "/api/comment/list/", "comments", aweme_id=post["id"], count=50)
    replies = [
        reply
        for comment in comments[:9]
        if comment["reply_comment_total"]
        for reply in by_offset(
            visitor,
            "/api/comment/list/reply/",
            "comments",
            item_id=post["id"],
            comment_id=comment["cid"],
            count=1,
        )
    ]

    assert len({comment["cid"] for comment in comments}) == len(comments)
    assert (
        len(comments) + sum(one["reply_comment_total"] for one in comments) == post["stats"]["commentCount"]
    )
    assert len(replies) == sum(one["reply_comment_total"] for one in comments[:9])
    assert {reply["reply_id"] for reply in replies} <= {comment["cid"] for comment in comments}
    assert comments[0]["reply_comment"][0]["cid"] == replies[0]["cid"]


def test_past_the_last_comment_there_is_null(visitor: Visitor) -> None:
    page = visitor.json("/api/comment/list/", aweme_id=KHABY["newest_post"], cursor=10**9)

    assert page["comments"] is None
    assert page["has_more"] == 0


def test_a_hashtag_lists_posts_that_carry_it(insider: Visitor) -> None:
    detail = insider.json("/api/challenge/detail/", challengeName="FUNNY")
    items = by_offset(insider, "/api/challenge/item_list/", challengeID=TAG, count=35)

    assert detail["challengeInfo"]["challenge"]["id"] == TAG
    assert detail["challengeInfo"]["stats"]["viewCount"] > 2**32
    assert len({item["id"] for item in items}) == len(items) == detail["challengeInfo"]["stats"]["videoCount"]
    assert all("#funny" in item["desc"] for item in items)


def test_an_unknown_hashtag_does_not_exist(insider: Visitor) -> None:
    assert insider.json("/api/challenge/detail/", challengeName="no-such-tag")["statusCode"] == 10205


def test_a_sound_lists_posts_that_use_it(insider: Visitor) -> None:
    items = by_offset(insider, "/api/music/item_list/", musicID=SOUND, count=30)

    assert len({item["id"] for item in items}) == len(items) > 100
    assert {item["music"]["id"] for item in items} == {SOUND}


def test_an_original_sound_belongs_to_its_author(insider: Visitor) -> None:
    item = insider.page_of_history("two.hundred").json()["itemList"][1]

    detail = insider.json("/api/music/detail/", musicId=item["music"]["id"])

    assert item["music"]["original"] is True
    assert detail["musicInfo"]["author"]["uniqueId"] == "two.hundred"


@pytest.mark.parametrize("count", [36, 50, 0])
def test_an_excessive_count_is_refused(insider: Visitor, count: int) -> None:
    assert insider.json("/api/challenge/item_list/", challengeID=TAG, count=count)["statusCode"] == 10201


@pytest.mark.parametrize("order", ["0", "1", "2"])
def test_the_signed_list_holds_the_history_in_each_order(insider: Visitor, order: str) -> None:
    found: list[str] = []
    cursor, more = "0", True
    while more:
        page = insider.json(
            "/api/post/item_list/", secUid=insider.sec_uid("two.hundred"), count=35, cursor=cursor,
            post_item_list_request_type=order,
        )  # fmt: skip
        found += [item["id"] for item in page["itemList"]]
        cursor, more = page["cursor"], page["hasMore"]

    assert len(set(found)) == len(found) == 200
    assert order != "0" or found == sorted(found, reverse=True)
    assert order != "2" or found == sorted(found)


def test_a_feed_shows_other_posts_at_every_call(visitor: Visitor) -> None:
    pages = [visitor.json("/api/recommend/item_list/", count=30) for _ in range(2)]

    first, second = ({item["id"] for item in page["itemList"]} for page in pages)
    assert len(first) == len(second) == 30
    assert first != second


def test_a_collection_is_free_and_runs_by_offset(visitor: Visitor) -> None:
    items = by_offset(visitor, "/api/collection/item_list/", collectionId=MARKS["collection"]["id"], count=30)

    assert len({item["id"] for item in items}) == len(items) == 45


def test_the_second_search_page_wants_the_first_ones_id(insider: Visitor) -> None:
    first = insider.json("/api/search/item/full/", keyword="fone bluetooth", cursor=0, count=12)
    search_id = first["extra"]["logid"]

    known = insider.json("/api/search/item/full/", keyword="fone bluetooth", cursor=12, search_id=search_id)
    forgotten = insider.json("/api/search/item/full/", keyword="fone bluetooth", cursor=12)

    assert len(first["item_list"]) == len(known["item_list"]) == 12
    assert first["item_list"][0]["id"] != known["item_list"][0]["id"]
    assert (forgotten["item_list"], forgotten["has_more"]) == ([], 0)
    assert forgotten["search_nil_info"]["search_nil_item"] == "empty_session"


def test_the_general_search_mixes_users_and_videos(insider: Visitor) -> None:
    cards = insider.json("/api/search/general/full/", keyword="iphone case")["data"]

    assert [card["type"] for card in cards] == [4] + [1] * 12
    assert "unique_id" in cards[0]["user_list"][0]["user_info"]
    assert "itemStruct" not in cards[1]["item"]


def test_users_are_found_in_snake_case(insider: Visitor) -> None:
    page = insider.json("/api/search/user/full/", keyword="iphone case")

    names = [row["user_info"]["unique_id"] for row in page["user_list"]]
    assert len(set(names)) == 20
    assert all(insider.world.account_called(name) for name in names)


def test_some_searches_find_nothing(insider: Visitor) -> None:
    page = insider.json("/api/search/item/full/", keyword="nothing at all")

    assert (page["item_list"], page["has_more"]) == ([], 0)


def test_suggestions_and_discover_are_free(visitor: Visitor) -> None:
    suggestions = visitor.get("/api/search/general/preview/", keyword="cat").json()["sug_list"]
    cards = visitor.get("/node/share/discover").json()["body"][0]["exploreList"]

    assert all(row["content"].startswith("cat") for row in suggestions)
    assert {card["cardItem"]["type"] for card in cards} == {"1", "2", "3"}
