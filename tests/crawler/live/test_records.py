"""Lookups of one record, answered by the real service from the stand-in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from standin.pages.small import short_code
from standin.world.population import World, now_on
from store.engine import open_engine
from store.models import UserRow
from tests.fixtures.live import RunningLive
from tests.fixtures.standin import RunningStandin
from webapi.services.live import LiveService, Lookup, Question


def test_a_user_is_answered_in_our_words_with_route_and_tries(live: RunningLive) -> None:
    reply = live.look_up("user", "@Khaby.Lame")

    (user,) = reply.document["items"]
    assert (reply.outcome, reply.document["route"], reply.document["list"]) == ("ok", "page", None)
    assert (user["type"], user["username"], user["followers"]) == ("user", "khaby.lame", 162345678)
    assert reply.document["tries"] == [{"route": "page", "verdict": "ok"}]
    assert reply.document["fetched_at"].endswith("Z")


@pytest.mark.parametrize(
    ("username", "outcome"),
    [
        ("private.garden", "private"),
        ("banned.account", "banned"),
        ("deleted.account", "not_found"),
    ],
)
def test_users_that_cannot_be_seen_are_told_apart(live: RunningLive, username: str, outcome: str) -> None:
    assert live.look_up("user", username).outcome == outcome


def test_a_post_is_found_by_its_id_its_address_and_a_short_link(live: RunningLive) -> None:
    (post_id, *_) = live.look_up("user_videos", "khaby.lame", count=1).ids
    post = World(seed=7, users=1_000).post(post_id, now_on(0))
    assert post
    forms = [
        post_id,
        f"https://www.tiktok.com/@khaby.lame/video/{post_id}?is_from_webapp=1",
        f"https://vm.tiktok.com/{short_code(post)}/",
    ]

    replies = [live.look_up("video", form) for form in forms]

    assert [reply.ids for reply in replies] == [[post_id]] * len(forms)
    assert [reply.document["items"][0]["username"] for reply in replies] == ["khaby.lame"] * len(forms)


def test_a_hashtag_is_answered_without_its_posts(live: RunningLive) -> None:
    reply = live.look_up("hashtag", "#Funny")

    (hashtag,) = reply.document["items"]
    assert (reply.outcome, hashtag["name"], hashtag["total_videos"]) == ("ok", "funny", 600)


def test_a_sound_is_answered_without_its_posts(live: RunningLive) -> None:
    (post,) = live.look_up("user_videos", "khaby.lame", count=1).document["items"]

    reply = live.look_up("sound", post["sound_id"])

    assert (reply.outcome, reply.ids) == ("ok", [post["sound_id"]])


def test_a_refused_route_is_followed_by_the_next_and_both_are_told(
    live: RunningLive, standin: RunningStandin
) -> None:
    standin.add_fault("waf", "/@*")

    reply = live.look_up("user", "khaby.lame")

    assert reply.outcome == "ok"
    assert reply.document["tries"][0] == {"route": "page", "verdict": "waf_challenge"}
    assert reply.document["tries"][-1] == {"route": reply.document["route"], "verdict": "ok"}


def test_what_all_routes_refuse_is_blocked_and_nothing_else(
    live: RunningLive, standin: RunningStandin
) -> None:
    standin.add_fault("captcha")

    reply = live.look_up("user", "khaby.lame")

    assert reply.outcome == "captcha"
    assert reply.document["items"] == []
    assert reply.document["reason"]


def test_what_was_looked_up_is_stored(start_live: Callable[..., RunningLive]) -> None:
    live = start_live()
    live.look_up("user", "khaby.lame")
    live.stop()

    engine = open_engine(live.database_url)
    with Session(engine) as session:
        stored = session.scalars(select(UserRow.username)).all()
    engine.dispose()
    assert "khaby.lame" in stored


def test_the_client_of_the_api_reads_what_the_service_writes(live: RunningLive) -> None:
    service = LiveService(live.config)

    answer = service.look_up(Question(Lookup.USER, "khaby.lame"))

    service.close()
    assert (answer.outcome, answer.route, answer.list) == ("ok", "page", None)
    assert answer.items[0]["username"] == "khaby.lame"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b'{"lookup": "user", "target": "not a name"}', "target"),
        (b'{"lookup": "user", "target": "https://www.tiktok.com/tag/funny"}', "target"),
        (b'{"lookup": "shop_everything"}', "lookup"),
        (b'{"lookup": "user", "target": "khaby.lame", "deadline_seconds": 0}', "deadline_seconds"),
        (b'{"lookup": "user", "target": "khaby.lame", "deadline_seconds": "soon"}', "deadline_seconds"),
    ],
)
def test_bad_parameters_are_refused_by_name(live: RunningLive, body: bytes, field: str) -> None:
    reply = live.send(body)

    assert (reply.status, reply.document["field"]) == (400, field)
    assert reply.document["error"].startswith(field)


def test_only_who_knows_the_secret_is_answered(live: RunningLive, standin: RunningStandin) -> None:
    served = live.health()["served"]

    refused = [live.look_up("user", "khaby.lame", secret=secret).status for secret in ("", "another-secret")]

    assert refused == [401, 401]
    assert live.health()["served"] == served
    assert standin.log()["requests"] == []


def test_health_tells_how_the_service_is(live: RunningLive) -> None:
    served = live.health()["served"]
    live.look_up("user", "khaby.lame")

    health = live.health()

    assert (health["status"], health["under_way"], health["most"]) == ("ok", 0, 16)
    assert health["served"] == served + 1
    assert health["memory_mb"] > 10
    assert health["started_at"].endswith("Z")


def test_a_second_question_about_the_same_asks_the_site_again(
    live: RunningLive, standin: RunningStandin
) -> None:
    for _ in range(2):
        live.look_up("user", "khaby.lame")

    pages = [one for one in standin.log()["requests"] if one["path"] == "/@khaby.lame"]
    assert len(pages) == 2
