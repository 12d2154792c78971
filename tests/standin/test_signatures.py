"""What only a page's own script can ask. (The script itself runs in `tests/crawler/handlers`, in a browser.)"""

from __future__ import annotations

import re

import httpx
import pytest

from standin.signatures import mark, script_key
from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.standin.conftest import DEVICE, Visitor

KNOWN = landmarks(World(7, 1_000))
TAG_LIST = f"/api/challenge/item_list/?challengeID={KNOWN['hashtag']['id']}&device_id={DEVICE['device_id']}"
SOUND_LIST = f"/api/music/item_list/?musicID={KNOWN['sound']['id']}&device_id={DEVICE['device_id']}"


def signed_once(key: str, address: str) -> str:
    return f"{address}&X-Bogus={mark(key, address)}"


def signed_twice(key: str, address: str) -> str:
    once = signed_once(key, address)
    return f"{once}&X-Gnarly=n1.{mark(key, f'n1{once}')}"


@pytest.fixture
def key(visitor: Visitor) -> str:
    """The key in the script of a visitor who has opened a page."""
    visitor.get("/tag/funny")
    found = re.search(r"const key = '(\w+)'", visitor.get("/static/webmssdk.js").text)
    assert found
    return found[1]


def rows(reply: httpx.Response) -> int:
    return len(reply.json()["itemList"]) if reply.content else 0


def test_the_key_belongs_to_the_visitor(visitor: Visitor, key: str) -> None:
    assert key == script_key(visitor.http.cookies["ttwid"])
    assert key != script_key("somebody else")


def test_what_both_signatures_cover_is_answered(visitor: Visitor, key: str) -> None:
    assert rows(visitor.http.get(signed_twice(key, TAG_LIST))) == 30


def test_one_signature_is_enough_for_some_lists_only(visitor: Visitor, key: str) -> None:
    assert rows(visitor.http.get(signed_once(key, SOUND_LIST))) == 30
    assert rows(visitor.http.get(signed_once(key, TAG_LIST))) == 0


def test_another_visitors_signature_is_worth_nothing(visitor: Visitor, key: str) -> None:
    address = signed_twice(key, TAG_LIST)

    visitor.http.cookies.clear()
    visitor.get("/tag/funny")

    assert rows(visitor.http.get(address)) == 0


def test_a_changed_address_is_not_signed(visitor: Visitor, key: str) -> None:
    address = signed_twice(key, TAG_LIST).replace("challengeID", "cursor=30&challengeID")

    assert rows(visitor.http.get(address)) == 0
