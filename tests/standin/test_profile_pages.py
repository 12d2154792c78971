"""Profile pages: what they embed, for whom, and in which of their two variants (facts A.3, A.5, C.1, F.2, F.3)."""

from __future__ import annotations

import pytest

from tests.fixtures.standin import RunningStandin
from tests.standin.conftest import Visitor


def test_a_profile_carries_rounded_and_exact_counters(visitor: Visitor) -> None:
    detail = visitor.scope("/@khaby.lame", "webapp.user-detail")

    info = detail["userInfo"]
    assert detail["statusCode"] == 0
    assert info["user"]["uniqueId"] == "khaby.lame"
    assert info["stats"]["followerCount"] == 162_300_000
    assert info["statsV2"]["followerCount"] == "162345678"
    assert info["stats"]["videoCount"] == 120
    assert info["itemList"] == []


def test_the_page_has_the_weight_and_the_scopes_of_a_real_one(visitor: Visitor) -> None:
    reply = visitor.get("/@khaby.lame")

    assert 200_000 < len(reply.content) < 500_000
    assert {
        "webapp.app-context",
        "webapp.biz-context",
        "webapp.i18n-translation",
        "seo.abtest",
        "webapp.a-b",
    } <= set(visitor.scopes("/@khaby.lame"))
    assert visitor.scope("/@khaby.lame", "seo.abtest")["canonical"] == "https://www.tiktok.com/@khaby.lame"
    assert "captcha" in reply.text
    assert "Please wait..." in reply.text


def test_a_first_visit_sets_the_guest_cookies(visitor: Visitor) -> None:
    reply = visitor.get("/@khaby.lame")

    cookies = {cookie.name: cookie.value for cookie in reply.cookies.jar}
    assert set(cookies) == {"ttwid", "tt_chain_token", "tt_csrf_token", "msToken"}
    assert (cookies["tt_chain_token"] or "").endswith("==")
    assert len(cookies["msToken"] or "") == 107


def test_the_device_id_belongs_to_the_visitor(visitor: Visitor) -> None:
    first = visitor.scope("/@khaby.lame", "webapp.app-context")
    second = visitor.scope("/@two.hundred", "webapp.app-context")
    visitor.http.cookies.clear()
    stranger = visitor.scope("/@two.hundred", "webapp.app-context")

    assert len(first["wid"]) == 19
    assert first["wid"] == second["wid"] != stranger["wid"]
    assert first["webIdCreatedTime"].isdigit()


@pytest.mark.parametrize(
    ("handle", "code"),
    [
        ("nobody.of.that.name", 10221),
        ("banned.account", 10221),
        ("deleted.account", 10202),
        ("private.garden", 10222),
        ("old.handle", 10221),
        ("empty.room", 0),
        ("new.handle", 0),
    ],
)
def test_each_standing_has_its_code(visitor: Visitor, handle: str, code: int) -> None:
    detail = visitor.scope(f"/@{handle}", "webapp.user-detail")

    assert detail["statusCode"] == code
    assert bool(detail["userInfo"]) == (code in (0, 10222))


def test_a_private_account_shows_itself_but_no_posts(visitor: Visitor) -> None:
    info = visitor.scope("/@private.garden", "webapp.user-detail")["userInfo"]

    assert info["user"]["privateAccount"] is True
    assert info["stats"]["videoCount"] == 0


def test_the_user_slot_takes_ids_and_sec_uids_too(visitor: Visitor) -> None:
    account = visitor.world.account_called("new.handle")
    assert account is not None

    for handle in (account.id, account.sec_uid, "NEW.HANDLE"):
        detail = visitor.scope(f"/@{handle}", "webapp.user-detail")
        assert detail["userInfo"]["user"]["uniqueId"] == "new.handle"


def test_the_shell_has_data_but_no_profile(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(rendering="shell")

    scopes = visitor.scopes("/@khaby.lame")

    assert "webapp.user-detail" not in scopes
    assert "webapp.app-context" in scopes
    assert 130_000 < len(visitor.get("/@khaby.lame").content) < 180_000


def test_random_rendering_serves_both_variants(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(rendering="random")
    seen = set()

    for _ in range(12):
        visitor.http.cookies.clear()
        seen.add("webapp.user-detail" in visitor.scopes("/@khaby.lame"))

    assert seen == {True, False}


def test_counts_beyond_32_bits_are_told_in_full(visitor: Visitor) -> None:
    info = visitor.scope("/@big.counts", "webapp.user-detail")["userInfo"]

    assert info["statsV2"]["followerCount"] == "4512345678"
    assert info["stats"]["followerCount"] == 4_512_300_000


def test_a_day_later_the_profile_has_grown(visitor: Visitor, standin: RunningStandin) -> None:
    before = visitor.scope("/@khaby.lame", "webapp.user-detail")["userInfo"]["statsV2"]
    standin.change(day=30)

    after = visitor.scope("/@khaby.lame", "webapp.user-detail")["userInfo"]["statsV2"]

    assert int(after["followerCount"]) > int(before["followerCount"])
    assert int(after["videoCount"]) == int(before["videoCount"]) + 10
