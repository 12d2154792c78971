"""Pasted cookies: four formats, what is refused with which reason, and nothing of a value told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiktok.cookie_formats import MAX_BYTES, Paste, PasteFormat, read_cookies, warnings_about
from tiktok.cookie_jars import is_sound
from tiktok.cookies import KNOWN, Cookie, Duty
from tiktok.errors import UnreadableCookies

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=90)
LATER_EPOCH = int(LATER.timestamp())
SECRET = "SecretValue123"


def editor_row(name: str = "sessionid", **more: Any) -> dict[str, Any]:
    return {
        "name": name, "value": SECRET, "domain": ".tiktok.com", "path": "/", "expirationDate": LATER_EPOCH + 0.5,
        "secure": True, "httpOnly": True, "hostOnly": False, "sameSite": "no_restriction", "session": False,
        "storeId": None, "id": 1,
    } | more  # fmt: skip


def netscape_line(name: str = "sessionid", **more: str) -> str:
    fields = {
        "domain": ".tiktok.com", "below": "TRUE", "path": "/", "secure": "TRUE",
        "expires": str(LATER_EPOCH), "name": name, "value": SECRET,
    } | more  # fmt: skip
    return "\t".join(fields.values())


def reasons(paste: Paste) -> dict[str, str]:
    return {refusal.name: refusal.reason for refusal in paste.refusals}


def only(paste: Paste) -> Cookie:
    (cookie,) = paste.cookies
    return cookie


def test_cookie_editor_json_is_read() -> None:
    paste = read_cookies(json.dumps([editor_row()]), NOW)

    assert paste.format is PasteFormat.COOKIE_EDITOR
    assert only(paste) == Cookie(
        name="sessionid", value=SECRET, expires_at=LATER + timedelta(seconds=0.5),
        is_secure=True, is_http_only=True, set_at=NOW,
    )  # fmt: skip


def test_a_netscape_file_is_read_with_comments_and_http_only_lines() -> None:
    text = "\r\n".join(
        [
            "# Netscape HTTP Cookie File",
            "# https://curl.se/docs/http-cookies.html",
            "",
            f"#HttpOnly_{netscape_line()}",
            netscape_line("ttwid", domain="www.tiktok.com", below="FALSE", expires="0", secure="FALSE"),
        ]
    )

    paste = read_cookies(text, NOW)

    session, ttwid = paste.cookies
    assert paste.format is PasteFormat.NETSCAPE
    assert (session.name, session.is_http_only, session.expires_at) == ("sessionid", True, LATER)
    assert (ttwid.domain, ttwid.is_http_only, ttwid.is_secure, ttwid.expires_at) == (
        "www.tiktok.com", False, False, None,
    )  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "Cookie: ", "cookie:"])
def test_a_cookie_header_is_read_with_its_name_or_without(prefix: str) -> None:
    paste = read_cookies(f"{prefix}sessionid={SECRET}; tt_chain_token=abc==; ttwid=1%7Cx;", NOW)

    assert paste.format is PasteFormat.HEADER
    assert [(cookie.name, cookie.value) for cookie in paste.cookies] == [
        ("sessionid", SECRET),
        ("tt_chain_token", "abc=="),
        ("ttwid", "1%7Cx"),
    ]
    assert {cookie.domain for cookie in paste.cookies} == {".tiktok.com"}


def test_a_playwright_storage_state_is_read() -> None:
    row = {
        "name": "ttwid",
        "value": SECRET,
        "domain": ".tiktok.com",
        "path": "/",
        "secure": True,
        "httpOnly": True,
    }
    state = {
        "cookies": [row | {"expires": -1}, row | {"name": "sid_tt", "expires": LATER_EPOCH}],
        "origins": [],
    }

    paste = read_cookies(json.dumps(state), NOW)

    assert paste.format is PasteFormat.STORAGE_STATE
    assert {cookie.name: cookie.expires_at for cookie in paste.cookies} == {"ttwid": None, "sid_tt": LATER}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_windows_marks_at_the_start_do_no_harm(encoding: str) -> None:
    for text in (json.dumps([editor_row()]), netscape_line(), f"sessionid={SECRET}"):
        assert only(read_cookies(text.encode(encoding), NOW)).value == SECRET


def test_a_pasted_mark_at_the_start_does_no_harm() -> None:
    assert only(read_cookies("\ufeff" + json.dumps([editor_row()]), NOW)).value == SECRET


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"name": "_ga"}, "is not a cookie that TikTok's site needs"),
        ({"name": "_waftokenid"}, "works only in the browser that solved the puzzle"),
        ({"name": "tt_webid_v2"}, "is not used any more"),
        ({"domain": ".evil.org"}, "belongs to another site"),
        ({"domain": "tiktok.com.evil.org"}, "belongs to another site"),
        ({"domain": "eviltiktok.com"}, "belongs to another site"),
        ({"domain": 5}, "belongs to another site"),
        ({"expirationDate": NOW.timestamp()}, "expired on 2026-03-01"),
        ({"value": ""}, "has no value that fits into a header"),
        ({"value": None}, "has no value that fits into a header"),
        ({"value": "a\r\nSet-Cookie: b=1"}, "has no value that fits into a header"),
        ({"value": "a; b=1"}, "has no value that fits into a header"),
        ({"value": "ünicode"}, "has no value that fits into a header"),
        ({"value": "x" * 5000}, "has no value that fits into a header"),
    ],
)
def test_a_cookie_that_cant_be_used_is_refused_with_its_reason(more: dict[str, Any], reason: str) -> None:
    paste = read_cookies(json.dumps([editor_row(**more), editor_row("ttwid")]), NOW)

    assert [cookie.name for cookie in paste.cookies] == ["ttwid"]
    assert reasons(paste) == {more.get("name", "sessionid"): reason}


def test_mixed_domains_are_told_apart() -> None:
    rows = [
        editor_row(domain=".tiktok.com"),
        editor_row("ttwid", domain="www.tiktok.com"),
        editor_row("msToken", domain=".instagram.com"),
        editor_row("sid_tt", domain=".TikTok.com"),
    ]

    paste = read_cookies(json.dumps(rows), NOW)

    assert [(cookie.name, cookie.domain) for cookie in paste.cookies] == [
        ("sessionid", ".tiktok.com"),
        ("ttwid", "www.tiktok.com"),
        ("sid_tt", ".tiktok.com"),
    ]
    assert reasons(paste) == {"msToken": "belongs to another site"}


def test_cookies_of_a_login_that_is_over_are_refused_though_they_dont_say_so() -> None:
    start = int((NOW - timedelta(days=200)).timestamp())

    paste = read_cookies(f"sessionid=a; sid_tt=b; ttwid=c; sid_guard=x%7C{start}%7C15552000%7Cdate", NOW)

    assert [cookie.name for cookie in paste.cookies] == ["ttwid"]
    assert set(reasons(paste).values()) == {"the login ended on 2026-02-09"}
    assert set(reasons(paste)) == {"sessionid", "sid_tt", "sid_guard"}


@pytest.mark.parametrize("expires", [None, "soon", True, -1, 0, "", [], {}, "nan", "-inf", "inf"])
def test_an_end_that_is_none_is_unknown(expires: Any) -> None:
    assert only(read_cookies(json.dumps([editor_row(expirationDate=expires)]), NOW)).expires_at is None


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        (LATER_EPOCH * 1000, LATER),
        (str(LATER_EPOCH), LATER),
        (1e300, datetime(9999, 1, 1, tzinfo=UTC)),
        (2**63, datetime(9999, 1, 1, tzinfo=UTC)),
    ],
)
def test_an_end_is_understood_in_seconds_and_milliseconds(expires: Any, expected: datetime) -> None:
    assert only(read_cookies(json.dumps([editor_row(expirationDate=expires)]), NOW)).expires_at == expected


def test_the_stand_ins_own_cookies_take_the_place_of_tiktoks_when_it_is_the_site() -> None:
    paste = read_cookies("ttwid=a", NOW, site="127.0.0.1")

    assert only(paste).domain == ".tiktok.com"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \r\n\t ",
        SECRET,
        f"{SECRET}\n{SECRET}",
        "[" + SECRET,
        f'{{"token": "{SECRET}"}}',
        f'{{"cookies": "{SECRET}"}}',
        "[" * 100_000,
        f"<html>{SECRET}=</html>\n<p>",
        b"\x00\xff\xfe\xd8" + SECRET.encode(),
        b"\xff\xfe\x00\xd8",
        "ttwid=a;" * 200_000,
    ],
)
def test_what_is_no_paste_of_cookies_is_one_line_that_tells_nothing_of_it(text: str | bytes) -> None:
    with pytest.raises(UnreadableCookies) as caught:
        read_cookies(text, NOW)

    told = f"{caught.value} {caught.value!r}"
    assert SECRET not in told
    assert "\n" not in told
    assert "; " in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "rows", [[1, None, "x", [], {}], [{"name": 5}, {"name": "a b"}, {"name": "x" * 100}, {"value": SECRET}]]
)
def test_rows_that_are_no_cookies_are_refused_by_their_place(rows: list[Any]) -> None:
    paste = read_cookies(json.dumps(rows), NOW)

    assert paste.cookies == []
    assert [refusal.name for refusal in paste.refusals] == [f"entry {n}" for n in range(1, len(rows) + 1)]


def test_a_value_that_looks_like_a_pair_is_not_shown_as_a_name() -> None:
    paste = read_cookies(f"ttwid=a; {SECRET}==; {SECRET}", NOW)

    assert SECRET not in repr(paste)
    assert reasons(paste) == {"entry 2": "has no proper name", "entry 3": "has no proper name"}


def test_a_truncated_netscape_line_is_refused_by_its_place() -> None:
    paste = read_cookies(f"{netscape_line()}\n.tiktok.com\tTRUE\t/\tTRUE\t0\t{SECRET}", NOW)

    assert [refusal.name for refusal in paste.refusals] == ["entry 2"]
    assert SECRET not in repr(paste)


def test_a_hundred_thousand_foreign_cookies_are_refused_in_no_time() -> None:
    text = "; ".join(f"n{number}=x" for number in range(100_000))
    assert len(text) < MAX_BYTES * 2

    paste = read_cookies(text[: MAX_BYTES - 10], NOW)

    assert paste.cookies == []
    assert len(paste.refusals) > 90_000


def test_a_cookie_named_twice_counts_once_and_the_later_wins() -> None:
    assert only(read_cookies("ttwid=a; ttwid=b", NOW)).value == "b"


def test_what_is_missing_is_warned_of() -> None:
    guest = read_cookies("ttwid=a", NOW).cookies
    account = read_cookies("ttwid=a; msToken=b; tt_csrf_token=c; sessionid=d; sid_guard=x", NOW).cookies

    assert [warning.partition(":")[0] for warning in warnings_about(guest)] == [
        "no login cookie (sessionid, sid_tt)", "no msToken", "no tt_csrf_token",
    ]  # fmt: skip
    assert warnings_about(account) == []


usable = sorted(
    name
    for name, known in KNOWN.items()
    if known.duty not in (Duty.PUZZLE, Duty.OBSOLETE) and name != "sid_guard"
)
values = st.text("abcXYZ019%=_-.|~", min_size=1, max_size=60).filter(lambda value: value.strip("="))
jars = st.dictionaries(st.sampled_from(usable), values, min_size=1, max_size=12)


def written(jar: dict[str, str], form: PasteFormat) -> str:
    rows = [editor_row(name, value=value) for name, value in jar.items()]
    match form:
        case PasteFormat.COOKIE_EDITOR:
            return json.dumps(rows, indent=4)
        case PasteFormat.STORAGE_STATE:
            return json.dumps({"cookies": [row | {"expires": LATER_EPOCH} for row in rows]})
        case PasteFormat.NETSCAPE:
            return "\n".join(netscape_line(name, value=value) for name, value in jar.items())
        case PasteFormat.HEADER:
            return "; ".join(f"{name}={value}" for name, value in jar.items())


@given(jar=jars, form=st.sampled_from(PasteFormat))
def test_every_jar_comes_through_every_format(jar: dict[str, str], form: PasteFormat) -> None:
    paste = read_cookies(written(jar, form), NOW)

    assert paste.format is form
    assert {cookie.name: cookie.value for cookie in paste.cookies} == jar
    assert paste.refusals == []


junk = st.recursive(
    # JSON knows neither NaN nor infinity
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
fields = st.sampled_from(
    ["name", "value", "domain", "path", "expirationDate", "expires", "secure", "session"]
)


# A busy machine draws examples slowly, which says nothing of the reader.
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.dictionaries(fields, junk | st.just("ttwid") | st.just(".tiktok.com")), max_size=5))
def test_no_json_breaks_the_reader(rows: list[dict[str, Any]]) -> None:
    paste = read_cookies(json.dumps(rows), NOW)

    assert all(is_sound(cookie.name, cookie.value) for cookie in paste.cookies)
    assert len(paste.cookies) <= len(rows)


@settings(max_examples=200)
@given(text=st.text(max_size=120) | st.binary(max_size=120))
def test_no_text_breaks_the_reader(text: str | bytes) -> None:
    try:
        paste = read_cookies(text, NOW)
    except UnreadableCookies:
        return

    assert all(is_sound(cookie.name, cookie.value) for cookie in paste.cookies)
