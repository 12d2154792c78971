"""What is sent where, and what an answer's `Set-Cookie` means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok.cookie_jars import cookie_header, cookies_for, is_sound, read_set_cookie
from tiktok.cookies import Cookie, merge_cookies

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = "https://www.tiktok.com/@maya"


def names_for(url: str, **fields: object) -> bool:
    cookie = Cookie(name="a", value="1", **fields)  # type: ignore[arg-type]  # fields by name
    return bool(cookies_for([cookie], url, NOW))


@pytest.mark.parametrize(
    ("domain", "url", "is_sent"),
    [
        (".tiktok.com", "https://www.tiktok.com/", True),
        (".tiktok.com", "https://tiktok.com/", True),
        (".tiktok.com", "https://WWW.TikTok.com/", True),
        (".tiktok.com", "https://eviltiktok.com/", False),
        (".tiktok.com", "https://tiktok.com.evil.org/", False),
        ("www.tiktok.com", "https://www.tiktok.com/", True),
        ("www.tiktok.com", "https://m.tiktok.com/", False),
        ("www.tiktok.com", "https://a.www.tiktok.com/", False),
        ("127.0.0.1", "http://127.0.0.1:8090/", True),
        (".tiktok.com", "not an address", False),
    ],
)
def test_a_cookie_goes_to_its_domain_only(domain: str, url: str, is_sent: bool) -> None:
    assert names_for(url, domain=domain) is is_sent


@pytest.mark.parametrize(
    ("path", "url", "is_sent"),
    [
        ("/", "https://tiktok.com", True),
        ("/api", "https://tiktok.com/api", True),
        ("/api", "https://tiktok.com/api/item", True),
        ("/api/", "https://tiktok.com/api/item", True),
        ("/api", "https://tiktok.com/apix", False),
        ("/api", "https://tiktok.com/", False),
    ],
)
def test_a_cookie_goes_to_its_path_only(path: str, url: str, is_sent: bool) -> None:
    assert names_for(url, path=path) is is_sent


@pytest.mark.parametrize(
    ("url", "is_sent"),
    [("https://tiktok.com/", True), ("http://tiktok.com/", False)],
)
def test_a_secure_cookie_wants_https(url: str, is_sent: bool) -> None:
    assert names_for(url, is_secure=True) is is_sent


def test_an_expired_cookie_is_not_sent() -> None:
    assert not names_for(PAGE, expires_at=NOW)
    assert names_for(PAGE, expires_at=NOW + timedelta(seconds=1))


def test_the_header_names_the_longest_path_first() -> None:
    cookies = [Cookie(name="a", value="1"), Cookie(name="b", value="2", path="/@maya")]

    assert cookie_header(cookies, PAGE, NOW) == "b=2; a=1"
    assert cookie_header([], PAGE, NOW) == ""


def test_set_cookie_is_read_with_all_its_attributes() -> None:
    header = "msToken=abc==; Path=/; Domain=tiktok.com; Max-Age=864000; Secure; HttpOnly; SameSite=None"

    cookie = read_set_cookie(header, PAGE, NOW)

    assert cookie == Cookie(
        name="msToken", value="abc==", domain=".tiktok.com", path="/",
        expires_at=NOW + timedelta(days=10), is_secure=True, is_http_only=True, set_at=NOW,
    )  # fmt: skip


def test_a_cookie_without_attributes_belongs_to_the_host_and_folder_it_came_from() -> None:
    cookie = read_set_cookie("a=1", "https://www.tiktok.com/api/item/list", NOW)

    assert cookie
    assert (cookie.domain, cookie.path, cookie.expires_at) == ("www.tiktok.com", "/api/item", None)


@pytest.mark.parametrize(
    ("attributes", "expires_at"),
    [
        ("Expires=Sun, 01 Mar 2026 12:01:00 GMT", NOW + timedelta(minutes=1)),
        ("Expires=Sun, 01-Mar-2026 12:01:00 GMT", NOW + timedelta(minutes=1)),
        ("Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", NOW + timedelta(minutes=1)),
        ("Max-Age=0", NOW),
        ("Max-Age=-5", NOW),
        ("Max-Age=99999999999999", datetime(9999, 1, 1, tzinfo=UTC)),
        ("Max-Age=soon", None),
        ("Expires=tomorrow", None),
    ],
)
def test_the_end_is_read_and_max_age_wins(attributes: str, expires_at: datetime | None) -> None:
    cookie = read_set_cookie(f"a=1; {attributes}", PAGE, NOW)

    assert cookie
    assert cookie.expires_at == expires_at


@pytest.mark.parametrize(
    "header",
    [
        "",
        "no equals sign",
        "=value",
        "a=1; Domain=evil.org",
        "a=1; Domain=com",
        "a=1; Domain=m.tiktok.com",
        f"a={'x' * 5000}",
        "a=two\r\nlines",
        "sp ace=1",
    ],
)
def test_what_a_browser_would_not_keep_is_not_kept(header: str) -> None:
    assert read_set_cookie(header, PAGE, NOW) is None


def test_a_cookie_that_is_taken_back_replaces_the_known_one() -> None:
    known = read_set_cookie("a=1; Path=/", PAGE, NOW)
    taken_back = read_set_cookie("a=; Path=/; Max-Age=0", PAGE, NOW + timedelta(seconds=1))
    assert known
    assert taken_back

    merged = merge_cookies([known], [taken_back])

    assert cookies_for(merged, PAGE, NOW + timedelta(seconds=1)) == []


def test_a_site_without_a_name_keeps_its_cookies_to_itself() -> None:
    cookie = read_set_cookie("ttwid=1; Path=/; Domain=127.0.0.1", "http://127.0.0.1:8090/", NOW)

    assert cookie
    assert cookie.domain == "127.0.0.1"


@given(header=st.text(max_size=200), path=st.text(max_size=30))
def test_no_header_breaks_the_reader_or_the_next_request(header: str, path: str) -> None:
    url = f"https://www.tiktok.com/{path}" if path.isascii() and path.isalnum() else PAGE

    cookie = read_set_cookie(header, url, NOW)

    assert cookie is None or is_sound(cookie.name, cookie.value)
    sent = cookie_header([cookie] if cookie else [], url, NOW)
    assert sent.isprintable()
