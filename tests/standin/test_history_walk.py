"""`creator/item_list/`: the walk and its traps (facts B.2)."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest

from standin.world.population import history
from tests.fixtures.standin import RunningStandin
from tests.standin.conftest import NOW, WALK, Visitor


def ids(pages: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for page in pages for item in page["itemList"]]


def test_a_walk_finds_every_post_of_the_history(visitor: Visitor) -> None:
    pages = visitor.walk("two.hundred")

    assert len(ids(pages)) == len(set(ids(pages))) == 200
    assert [len(page["itemList"]) for page in pages] == [15] * 13 + [5]
    assert [page["hasMorePrevious"] for page in pages] == [True] * 13 + [False]
    assert all("cursor" not in page and "hasMore" not in page for page in pages)


def test_lists_write_integers_and_round_everything(visitor: Visitor) -> None:
    item = orjson.loads(visitor.page_of_history("khaby.lame").content)["itemList"][-1]

    assert item["createTime"] == int(item["id"]) >> 32
    assert isinstance(item["stats"]["collectCount"], int)
    assert item["statsV2"]["collectCount"] == str(item["stats"]["collectCount"])
    assert isinstance(item["video"]["size"], int)
    assert 9_000 < len(orjson.dumps(item)) < 32_000


@pytest.mark.parametrize("missing", sorted(set(WALK) - {"app_language", "app_name", "from_page", "tz_name"}))
def test_a_trimmed_request_is_refused(visitor: Visitor, missing: str) -> None:
    reply = visitor.page_of_history("two.hundred", NOW, **{missing: ""})

    assert reply.status_code == 400
    assert reply.json()["statusCode"] == 10201


@pytest.mark.parametrize("count", ["16", "0", "-1", "many"])
def test_more_than_fifteen_a_page_is_refused(visitor: Visitor, count: str) -> None:
    reply = visitor.page_of_history("two.hundred", count=count)

    assert reply.status_code == 400
    assert reply.json()["statusCode"] == 10201


def test_an_unknown_sec_uid_is_refused(visitor: Visitor) -> None:
    reply = visitor.page_of_history("two.hundred", secUid="MS4wLjABAAAA" + "x" * 64)

    assert (reply.status_code, reply.json()["statusCode"]) == (400, 10201)


def test_pinned_posts_head_page_one_whatever_their_age(visitor: Visitor) -> None:
    first, second = (
        orjson.loads(visitor.page_of_history("pinned.old", cursor).content)["itemList"]
        for cursor in (NOW, 1_790_000_000_000)
    )

    assert [item["isPinnedItem"] for item in first] == [True] * 3 + [False] * 12
    assert first[0]["createTime"] < first[-1]["createTime"]
    assert not any(item["isPinnedItem"] for item in second)


def test_has_more_lies_in_the_middle_and_the_walk_can_go_on(visitor: Visitor) -> None:
    pages = visitor.walk("lying.more")

    assert [page["hasMorePrevious"] for page in pages][:3] == [True, True, False]
    assert len(set(ids(pages))) == 120


def test_the_third_page_is_refused_with_nothing(visitor: Visitor) -> None:
    account = visitor.world.account_called("blocked.third")
    assert account is not None
    posts = history(account, 1 << 33, 45, 1_790_812_800)

    second = visitor.page_of_history("blocked.third", posts[14].created * 1000)
    third = visitor.page_of_history("blocked.third", posts[29].created * 1000)

    assert len(second.json()["itemList"]) == 15
    assert (third.status_code, third.content) == (200, b"")


def test_a_history_that_looks_back_one_week_has_empty_pages(visitor: Visitor) -> None:
    cursor, empty = 1_790_812_800_000, 0
    found: list[str] = []

    while len(found) < 18 and empty < 200:
        page = orjson.loads(visitor.page_of_history("slow.poster", cursor).content)
        if page["itemList"]:
            found += [item["id"] for item in page["itemList"]]
            cursor = page["itemList"][-1]["createTime"] * 1000
        else:
            assert page["hasMorePrevious"] is True
            empty += 1
            cursor -= 604_800_000

    assert len(set(found)) == 18
    assert empty > 50


@pytest.mark.parametrize("username", ["empty.room", "private.garden"])
def test_accounts_without_public_posts_have_an_empty_list(visitor: Visitor, username: str) -> None:
    page = orjson.loads(visitor.page_of_history(username).content)

    assert page == {"hasMorePrevious": False, "itemList": [], "statusCode": 0}


def test_another_order_repeats_the_newest_page(visitor: Visitor) -> None:
    old = 1_770_000_000_000

    newest = visitor.page_of_history("two.hundred").content
    other = visitor.page_of_history("two.hundred", old, type="0").content

    assert ids([orjson.loads(other)]) == ids([orjson.loads(newest)])


def test_odd_texts_arrive_as_valid_json(visitor: Visitor) -> None:
    bodies = []
    cursor = NOW
    for _ in range(3):
        body = visitor.page_of_history("texts.of.all", cursor).content
        bodies.append(body)
        cursor = json.loads(body)["itemList"][-1]["createTime"] * 1000

    texts = [item["desc"] for body in bodies for item in json.loads(body)["itemList"]]
    assert any(b"\\ud83d" in body for body in bodies)
    assert any("مرحبا" in text for text in texts)
    assert any("👩‍👩‍👧‍👦" in text for text in texts)
    assert "" in texts


def test_as_days_go_by_new_posts_come_first(visitor: Visitor, standin: RunningStandin) -> None:
    before = ids([orjson.loads(visitor.page_of_history("two.hundred").content)])
    standin.change(day=4)

    after = ids([orjson.loads(visitor.page_of_history("two.hundred").content)])

    assert after[2:] == before[:-2]


def test_every_answer_brings_a_new_token(visitor: Visitor) -> None:
    tokens = [visitor.page_of_history("two.hundred").cookies["msToken"] for _ in range(2)]

    assert tokens[0] != tokens[1]
