"""What a set of cookies is worth: login, expiry, the critical five, which of two is newer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tiktok.cookies import (
    CRITICAL,
    KNOWN,
    Cookie,
    critical_cookies,
    is_logged_in,
    login_expires_at,
    merge_cookies,
    newest,
    with_token_end,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def make_cookie(name: str = "ttwid", value: str = "v", **more: object) -> Cookie:
    return replace(Cookie(name=name, value=value), **more)  # type: ignore[arg-type]  # fields by name


def make_guard(logged_in_at: datetime, days: int) -> Cookie:
    start, length = int(logged_in_at.timestamp()), days * 86_400
    return make_cookie("sid_guard", f"abc%7C{start}%7C{length}%7CSat%2C+01-Aug-2026+00%3A00%3A00+GMT")


def test_the_value_is_in_no_representation() -> None:
    cookie = make_cookie(value="do-not-show")

    shown = f"{cookie!r} {cookie} {[cookie]} {cookie.key}"

    assert "do-not-show" not in shown


def test_the_critical_five_are_known() -> None:
    assert set(CRITICAL) <= set(KNOWN)


def test_sid_guard_says_when_the_login_ends_whatever_the_cookies_say() -> None:
    cookies = [make_cookie("sessionid", expires_at=NOW + 300 * DAY), make_guard(NOW - 10 * DAY, 180)]

    assert login_expires_at(cookies) == NOW + 170 * DAY


def test_without_sid_guard_the_session_that_lives_longest_counts() -> None:
    cookies = [
        make_cookie("sessionid", expires_at=NOW + 3 * DAY),
        make_cookie("sid_tt", expires_at=NOW + 9 * DAY),
        make_cookie("ttwid", expires_at=NOW + 99 * DAY),
    ]

    assert login_expires_at(cookies) == NOW + 9 * DAY


@pytest.mark.parametrize(
    "value", ["", "abc", "abc|1|", "a|b|c|d", "a|1e9|5", "a|99999999999999999999|1", "a|-1|%ff", "||||"]
)
def test_a_broken_sid_guard_says_nothing(value: str) -> None:
    assert login_expires_at([make_cookie("sid_guard", value)]) is None


@pytest.mark.parametrize("name", ["sessionid", "sessionid_ss", "sid_tt"])
def test_any_session_cookie_means_logged_in(name: str) -> None:
    assert is_logged_in([make_cookie("ttwid"), make_cookie(name)], NOW)


@pytest.mark.parametrize(
    "cookies",
    [
        [make_cookie("ttwid")],
        [make_cookie("sessionid", "")],
        [make_cookie("sessionid", expires_at=NOW)],
        [make_cookie("sessionid", expires_at=NOW + DAY), make_guard(NOW - 200 * DAY, 180)],
    ],
    ids=["guest", "emptied", "expired", "ended by sid_guard"],
)
def test_whoever_has_no_living_session_is_not_logged_in(cookies: list[Cookie]) -> None:
    assert not is_logged_in(cookies, NOW)


def test_the_critical_five_are_reported_with_days_left() -> None:
    cookies = [
        make_cookie("ttwid", expires_at=NOW + 12 * DAY + timedelta(hours=23)),
        make_cookie("tt_csrf_token"),
        make_cookie("sessionid", expires_at=NOW + 300 * DAY),
        make_cookie("msToken", expires_at=NOW - DAY),
        make_guard(NOW, 180),
    ]

    report = {cookie.name: cookie for cookie in critical_cookies(cookies, NOW)}

    assert list(report) == ["sessionid", "sid_tt", "msToken", "tt_csrf_token", "ttwid"]
    assert [report[name].is_present for name in report] == [True, False, False, True, True]
    assert report["ttwid"].days_left == 12
    assert report["sessionid"].days_left == 180
    assert report["tt_csrf_token"].days_left is None
    assert report["msToken"].expires_at is None


def test_of_two_cookies_the_newer_is_kept_in_either_order() -> None:
    old, new = make_cookie(value="old", set_at=NOW), make_cookie(value="new", set_at=NOW + DAY)

    assert merge_cookies([old], [new]) == [new]
    assert merge_cookies([new], [old]) == [new]


def test_of_two_equally_old_cookies_the_later_jar_wins() -> None:
    first, second = make_cookie(value="first"), make_cookie(value="second")

    assert merge_cookies([first], [second]) == [second]


def test_cookies_of_another_domain_or_path_are_others() -> None:
    cookies = [make_cookie(), make_cookie(domain="www.tiktok.com"), make_cookie(path="/api")]

    assert merge_cookies(cookies, cookies) == cookies


def test_the_newest_of_a_name_is_found_over_all_domains() -> None:
    bare = make_cookie("msToken", "undated")
    older = make_cookie("msToken", "older", set_at=NOW)
    newer = make_cookie("msToken", "newer", set_at=NOW + DAY, domain="www.tiktok.com")

    assert newest([bare, newer, older, make_cookie()], "msToken") == newer
    assert newest([make_cookie()], "msToken") is None


def test_an_ms_token_without_an_end_gets_one() -> None:
    token = make_cookie("msToken", set_at=NOW)

    assert with_token_end(token).expires_at == NOW + 10 * DAY
    assert with_token_end(replace(token, expires_at=NOW + DAY)).expires_at == NOW + DAY
    assert with_token_end(make_cookie(set_at=NOW)).expires_at is None
