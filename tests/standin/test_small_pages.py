"""oEmbed, short links, list pages, the login beat."""

from __future__ import annotations

import pytest

from standin.logins import LAPSED
from standin.pages.small import short_code
from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.fixtures.standin import RunningStandin
from tests.standin.conftest import Visitor

MARKS = landmarks(World(7, 1_000))
KHABY = MARKS["accounts"]["khaby.lame"]


def test_oembed_describes_a_post_and_a_profile(visitor: Visitor) -> None:
    post = visitor.get("/oembed", url=f"https://www.tiktok.com/@x/video/{KHABY['newest_post']}").json()
    profile = visitor.get("/oembed", url="https://www.tiktok.com/@khaby.lame").json()

    assert post["author_unique_id"] == "khaby.lame"
    assert post["embed_product_id"] == KHABY["newest_post"]
    assert profile["embed_type"] == "creator"


@pytest.mark.parametrize(
    "address",
    ["https://www.tiktok.com/@x/video/7600000000000000100", "https://www.tiktok.com/@nobody.here", "x", ""],
)
def test_oembed_has_no_title_for_what_is_not_there(visitor: Visitor, address: str) -> None:
    reply = visitor.get("/oembed", url=address)

    assert reply.status_code == 400
    assert "title" not in reply.json()


@pytest.mark.parametrize("form", ["/t/{}", "/t/{}/", "/{}", "/{}/"])
def test_a_short_link_leads_to_its_post(visitor: Visitor, standin: RunningStandin, form: str) -> None:
    post = visitor.world.post(KHABY["newest_post"], 1_790_812_800)
    assert post is not None

    reply = visitor.get(form.format(short_code(post)))

    assert reply.status_code == 301
    assert reply.headers["Location"].startswith(f"{standin.url}/@khaby.lame/video/{post.id}?")


@pytest.mark.parametrize("code", ["ZTzzzzzz", "ZSabcdefgh", "nonsense", "ZT-"])
def test_a_dead_short_link_leads_to_the_front_page(
    visitor: Visitor, standin: RunningStandin, code: str
) -> None:
    assert visitor.get(f"/t/{code}").headers["Location"] == f"{standin.url}/?_r=1"


def test_a_wrong_slug_is_led_to_the_right_one(visitor: Visitor) -> None:
    reply = visitor.get(f"/music/x-{MARKS['sound']['id']}")

    assert reply.status_code == 301
    assert visitor.get(reply.headers["Location"]).status_code == 200


def test_a_hashtag_page_tells_the_hashtag_in_any_case(visitor: Visitor) -> None:
    known = visitor.scope("/tag/FuNNy", "webapp.challenge-detail")
    unknown = visitor.scope("/tag/no-such-tag", "webapp.challenge-detail")

    assert known["challengeInfo"]["challenge"]["id"] == MARKS["hashtag"]["id"]
    assert (unknown["statusCode"], unknown["challengeInfo"]) == (10205, {})


def test_the_login_beat_knows_the_living_from_the_lapsed(visitor: Visitor) -> None:
    guest = visitor.get("/passport/token/beat/web/").json()
    visitor.http.cookies.set("sessionid", LAPSED)
    lapsed = visitor.get("/passport/token/beat/web/").json()
    visitor.http.cookies.set("sessionid", "standin-session-1")
    alive = visitor.get("/passport/token/beat/web/").json()

    assert guest == lapsed
    assert guest["data"]["error_code"] == 8
    assert alive["data"]["error_code"] == 0
