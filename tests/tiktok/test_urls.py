"""Every way to name a target, and what is refused with which words."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tiktok.errors import InvalidTarget
from tiktok.urls import PAGE_HOSTS, SHORT_HOSTS, SITE, Target, TargetKind, read_target, uploaded_at

VIDEO = "7106594312292453675"
SOUND = "7016547803243022337"
USER_ID = "6800000000000000001"
SEC_UID = "MS4wLjABAAAA" + "aB3_-x" * 10 + "wxyz"
NOW = datetime(2026, 11, 20, tzinfo=UTC)

URLS = [
    # profile
    ("https://www.tiktok.com/@khaby.lame", "user", "khaby.lame", "/@khaby.lame"),
    ("https://www.tiktok.com/@Khaby.Lame?lang=en&_r=1#top", "user", "khaby.lame", "/@khaby.lame"),
    ("http://tiktok.com/@khaby.lame/", "user", "khaby.lame", "/@khaby.lame"),
    ("tiktok.com/@khaby.lame", "user", "khaby.lame", "/@khaby.lame"),
    ("m.tiktok.com/@khaby.lame", "user", "khaby.lame", "/@khaby.lame"),
    ("HTTPS://WWW.TikTok.com/@khaby.lame", "user", "khaby.lame", "/@khaby.lame"),
    (f"https://www.tiktok.com/@{USER_ID}", "user", USER_ID, f"/@{USER_ID}"),
    (f"https://www.tiktok.com/@{SEC_UID}", "user", SEC_UID, f"/@{SEC_UID}"),
    ("https://www.tiktok.com/embed/@khaby.lame", "user", "khaby.lame", "/@khaby.lame"),
    # video: the user part is cosmetic
    (f"https://www.tiktok.com/@a.b/video/{VIDEO}?is_from_webapp=1", "video", VIDEO, f"/@a.b/video/{VIDEO}"),
    (f"https://www.tiktok.com/@A.B/video/{VIDEO}/", "video", VIDEO, f"/@a.b/video/{VIDEO}"),
    (f"https://www.tiktok.com/@/video/{VIDEO}", "video", VIDEO, f"/@_/video/{VIDEO}"),
    (f"https://www.tiktok.com/@_/video/{VIDEO}", "video", VIDEO, f"/@_/video/{VIDEO}"),
    (f"https://www.tiktok.com/@i/video/{VIDEO}", "video", VIDEO, f"/@_/video/{VIDEO}"),
    (f"https://www.tiktok.com/share/video/{VIDEO}", "video", VIDEO, f"/@_/video/{VIDEO}"),
    (f"https://www.tiktokv.com/share/video/{VIDEO}/", "video", VIDEO, f"/@_/video/{VIDEO}"),
    (f"https://m.tiktok.com/v/{VIDEO}.html?u_code=0", "video", VIDEO, f"/@_/video/{VIDEO}"),
    (f"https://www.tiktok.com/v/{VIDEO}.html", "video", VIDEO, f"/@_/video/{VIDEO}"),
    (f"https://www.tiktok.com/embed/{VIDEO}", "video", VIDEO, f"/@_/video/{VIDEO}"),
    (f"https://www.tiktok.com/embed/v2/{VIDEO}", "video", VIDEO, f"/@_/video/{VIDEO}"),
    (f"https://www.tiktok.com/player/v1/{VIDEO}?music_info=1", "video", VIDEO, f"/@_/video/{VIDEO}"),
    # photo
    (f"https://www.tiktok.com/@a.b/photo/{VIDEO}", "video", VIDEO, f"/@a.b/photo/{VIDEO}"),
    # tag
    ("https://www.tiktok.com/tag/Funny", "hashtag", "funny", "/tag/funny"),
    ("https://www.tiktok.com/tag/%D1%81%D0%BC%D0%B5%D1%85", "hashtag", "смех", "/tag/" + quote("смех")),
    ("https://www.tiktok.com/embed/tag/funny", "hashtag", "funny", "/tag/funny"),
    # sound: the slug is cosmetic
    (
        f"https://www.tiktok.com/music/original-sound-{SOUND}",
        "sound",
        SOUND,
        f"/music/original-sound-{SOUND}",
    ),
    (f"https://www.tiktok.com/music/x-{SOUND}", "sound", SOUND, f"/music/x-{SOUND}"),
    (f"https://www.tiktok.com/music/%D0%B7-{SOUND}", "sound", SOUND, f"/music/%D0%B7-{SOUND}"),
    (f"https://www.tiktok.com/embed/music/{SOUND}", "sound", SOUND, f"/music/x-{SOUND}"),
    # effect, playlist, collection
    (
        "https://www.tiktok.com/sticker/Green-Screen-123456",
        "effect",
        "123456",
        "/sticker/Green-Screen-123456",
    ),
    (f"https://www.tiktok.com/@a.b/playlist/Best-{VIDEO}", "playlist", VIDEO, f"/@_/playlist/Best-{VIDEO}"),
    (f"https://www.tiktok.com/@a/collection/T-{VIDEO}", "collection", VIDEO, f"/@_/collection/T-{VIDEO}"),
    # live
    ("https://www.tiktok.com/@khaby.lame/live", "live", "khaby.lame", "/@khaby.lame/live"),
    (f"https://m.tiktok.com/share/live/{VIDEO}", "live", VIDEO, f"/share/live/{VIDEO}"),
    # search
    ("https://www.tiktok.com/search?q=iphone%20case&t=1", "search", "iphone case", "/search?q=iphone%20case"),
    ("https://www.tiktok.com/search/video?q=a+b", "search", "a b", "/search/video?q=a%20b"),
    ("https://www.tiktok.com/search/user?q=khaby", "search", "khaby", "/search/user?q=khaby"),
    ("https://www.tiktok.com/discover/iphone-case", "search", "iphone case", "/search?q=iphone%20case"),
    # feeds
    ("https://www.tiktok.com/explore", "trending", "trending", "/explore"),
    ("https://www.tiktok.com/foryou?lang=en", "trending", "trending", "/explore"),
]

SHORT_LINKS = [
    ("https://vm.tiktok.com/ZMabc_12-3/", "ZMabc_12-3", "https://vm.tiktok.com/ZMabc_12-3/"),
    ("vt.tiktok.com/ZSabc", "ZSabc", "https://vt.tiktok.com/ZSabc/"),
    ("https://www.tiktok.com/t/ZTabc/?k=1", "ZTabc", "https://www.tiktok.com/t/ZTabc/"),
]

WORDS = [
    ("khaby.lame", None, "user", "khaby.lame"),
    ("@Khaby.Lame", None, "user", "khaby.lame"),
    ("  @khaby.lame\n", None, "user", "khaby.lame"),
    ("ab", None, "user", "ab"),
    ("a" * 24, None, "user", "a" * 24),
    ("_x_", None, "user", "_x_"),
    (".a", None, "user", ".a"),
    (SEC_UID, None, "user", SEC_UID),
    ("#funny", None, "hashtag", "funny"),
    ("#日本語", None, "hashtag", "日本語"),
    (VIDEO, None, "video", VIDEO),
    (f"x-{SOUND}", None, "sound", SOUND),
    (USER_ID, "user", "user", USER_ID),
    (f"@{USER_ID}", "user", "user", USER_ID),
    ("12345", "user", "user", "12345"),
    ("Funny", "hashtag", "hashtag", "funny"),
    ("7", "hashtag", "hashtag", "7"),
    ("a.b/c", "search", "search", "a.b/c"),
    ("  fone   bluetooth ", "search", "search", "fone bluetooth"),
    (SOUND, "sound", "sound", SOUND),
    ("1234", "sound", "sound", "1234"),
    ("", "trending", "trending", "trending"),
    ("explore", "trending", "trending", "trending"),
    (VIDEO, "live", "live", VIDEO),
    ("@khaby.lame", "live", "live", "khaby.lame"),
    ("123456", "effect", "effect", "123456"),
    (VIDEO, "playlist", "playlist", VIDEO),
    (VIDEO, "collection", "collection", VIDEO),
    ("ZMabc", "short_link", "short_link", "ZMabc"),
]

REFUSED = [
    ("", None, "names nothing"),
    ("7", None, "names nothing"),
    ("khaby lame", None, "names nothing"),
    ("khaby.lame.", None, "names nothing"),
    ("M.tiktok.com", "user", "front page"),
    ("ab.", "user", "is not a username"),
    ("a", "user", "is not a username"),
    ("a" * 25, "user", "is not a username"),
    ("khaby-lame", "user", "is not a username"),
    ("кхаби", "user", "is not a username"),
    ("٣٤٥", "user", "is not a username"),
    ("@@khaby", "user", "is not a username"),
    ("https://www.tiktok.com/@", "user", "can't be crawled"),
    ("123", "video", "holds no post's id"),
    ("khaby", "video", "holds no post's id"),
    ("100000000000000000", "video", "uploaded on 1970"),
    ("9999999999999999999", "video", "uploaded on 2043"),
    ("99999999999999999999", "video", "uploaded on 2707"),
    ("https://www.tiktok.com/@a.b/video/12", "video", "holds no post's id"),
    ("https://www.tiktok.com/@a.b/video/abc", "video", "holds no post's id"),
    ("two words", "hashtag", "is not a hashtag"),
    ("#", "hashtag", "is not a hashtag"),
    ("a#b", "hashtag", "is not a hashtag"),
    ("a\x00b", "hashtag", "is not a hashtag"),
    ("x" * 201, "hashtag", "is not a hashtag"),
    ("sound", "sound", "holds no sound's number"),
    ("", "search", "is no query"),
    ("x" * 201, "search", "is no query"),
    ("https://www.tiktok.com/search", "search", "is no query"),
    ("elsewhere", "trending", "is not a feed"),
    ("no code!", "short_link", "is not a short link"),
    ("https://vm.tiktok.com/", None, "is not a short link"),
    ("https://www.tiktok.com/", None, "front page"),
    ("tiktok.com", None, "front page"),
    ("https://www.tiktok.com/about/contact", None, "can't be crawled"),
    ("https://example.com/@khaby.lame", None, "is not an address of tiktok.com"),
    ("example.com/@khaby.lame", "user", "is not an address of tiktok.com"),
    ("https://tiktok.com.example.com/@khaby.lame", None, "is not an address of tiktok.com"),
    ("https://eviltiktok.com/@khaby.lame", None, "is not an address of tiktok.com"),
    ("https://example.com@www.tiktok.com/@khaby.lame", None, "is not an address of tiktok.com"),
    ("https://www.tiktok.com:8443/@khaby.lame", None, "is not an address of tiktok.com"),
    ("ftp://www.tiktok.com/@khaby.lame", None, "is not an address of tiktok.com"),
    ("javascript://www.tiktok.com/@khaby.lame", None, "is not an address of tiktok.com"),
    ("http://127.0.0.1:8000/@khaby.lame", None, "is not an address of tiktok.com"),
    ("https://[::1/@khaby.lame", None, "is not a URL"),
]


@pytest.mark.parametrize(("text", "kind", "key", "path"), URLS, ids=[url for url, *_ in URLS])
def test_a_url_of_the_site_names_its_target(text: str, kind: str, key: str, path: str) -> None:
    target = read_target(text, now=NOW)

    assert (target.kind, target.key, target.url) == (kind, key, SITE + path)


@pytest.mark.parametrize(("text", "kind", "key", "path"), URLS, ids=[url for url, *_ in URLS])
def test_the_canonical_url_is_read_as_the_same_target(text: str, kind: str, key: str, path: str) -> None:
    target = read_target(text, TargetKind(kind))

    assert target.key == key
    assert read_target(SITE + path, TargetKind(kind)) == target


@pytest.mark.parametrize(("text", "code", "url"), SHORT_LINKS)
@pytest.mark.parametrize("expected", [None, TargetKind.VIDEO, TargetKind.USER])
def test_a_short_link_passes_whatever_is_expected(
    text: str, code: str, url: str, expected: TargetKind | None
) -> None:
    target = read_target(text, expected)

    assert target == Target(TargetKind.SHORT_LINK, code, url)


@pytest.mark.parametrize(("text", "expected", "kind", "key"), WORDS)
def test_a_bare_word_means_what_is_expected(text: str, expected: str | None, kind: str, key: str) -> None:
    target = read_target(text, TargetKind(expected) if expected else None, now=NOW)

    assert (target.kind, target.key) == (kind, key)


@pytest.mark.parametrize(("text", "expected", "reason"), REFUSED)
def test_what_names_no_target_is_refused_in_one_line(text: str, expected: str | None, reason: str) -> None:
    with pytest.raises(InvalidTarget) as caught:
        read_target(text, TargetKind(expected) if expected else None, now=NOW)

    line = str(caught.value)
    assert reason in line
    assert line.startswith(f"{expected or 'target'}: ")
    assert line.endswith(caught.value.fix)
    assert "\n" not in line


def test_the_error_names_the_argument_it_came_from() -> None:
    with pytest.raises(InvalidTarget) as caught:
        read_target("no such name!", TargetKind.USER, field="user")

    assert caught.value.field == "user"
    assert caught.value.value == "no such name!"
    assert str(caught.value) == (
        "user: 'no such name!' is not a username; "
        'give 2-24 letters, digits, "_" or "." that do not end in ".", or the URL of a profile'
    )


def test_a_long_value_is_cut_in_the_message() -> None:
    with pytest.raises(InvalidTarget) as caught:
        read_target("y " * 5000, TargetKind.USER)

    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(("text", "kind", "key", "path"), URLS, ids=[url for url, *_ in URLS])
def test_a_url_of_another_kind_is_refused(text: str, kind: str, key: str, path: str) -> None:  # noqa: ARG001  # one table
    other = TargetKind.USER if kind != "user" else TargetKind.VIDEO

    with pytest.raises(InvalidTarget, match=f"of the kind {kind}, not {other}"):
        read_target(text, other)


def test_the_hints_of_a_form_are_kept() -> None:
    by_name, by_id, by_sec_uid = (read_target(f"@{name}") for name in ("a.b", USER_ID, SEC_UID))

    assert (by_name.username, by_name.user_id, by_name.sec_uid) == ("a.b", None, None)
    assert (by_id.username, by_id.user_id, by_id.sec_uid) == (None, USER_ID, None)
    assert (by_sec_uid.username, by_sec_uid.user_id, by_sec_uid.sec_uid) == (None, None, SEC_UID)
    assert read_target(f"{SITE}/@a.b/video/{VIDEO}").username == "a.b"


def test_an_upload_time_is_read_from_the_id() -> None:
    assert uploaded_at(VIDEO) == datetime(2022, 6, 7, 20, 15, 27, tzinfo=UTC)


def test_an_id_from_tomorrow_passes_and_one_from_the_day_after_does_not() -> None:
    def post_of(moment: datetime) -> str:
        return str(int(moment.timestamp()) << 32)

    tomorrow, later = NOW + timedelta(hours=23), NOW + timedelta(hours=25)

    assert read_target(post_of(tomorrow), now=NOW).kind is TargetKind.VIDEO
    with pytest.raises(InvalidTarget, match="uploaded on 2026-11-21"):
        read_target(post_of(later), now=NOW)


def test_without_a_clock_ids_are_bounded_from_below_only() -> None:
    future = str(int((NOW + timedelta(days=900)).timestamp()) << 32)

    assert read_target(future).key == future


def test_a_site_of_our_own_is_taken_for_tiktok() -> None:
    site = "http://127.0.0.1:8123"

    target = read_target(f"{site}/@a.b/video/{VIDEO}", site=site)

    assert target == read_target(f"{SITE}/@a.b/video/{VIDEO}")
    assert read_target("127.0.0.1:8123/t/ZMx", site=site).kind is TargetKind.SHORT_LINK


@given(st.text(alphabet=string.ascii_letters + string.digits + "._", min_size=2, max_size=24))
def test_usernames_follow_the_rules_and_are_told_in_lower_case(name: str) -> None:
    assume(name.lower() not in PAGE_HOSTS | SHORT_HOSTS)  # pasted without its path, a host names nobody
    is_valid = not name.endswith(".")
    is_id = name.isdigit() and len(name) >= 15

    if not is_valid:
        with pytest.raises(InvalidTarget):
            read_target(name, TargetKind.USER)
    else:
        target = read_target(name, TargetKind.USER)
        assert target.key == (name if is_id else name.lower())


@given(st.text(max_size=60), st.sampled_from([None, *TargetKind]))
def test_any_text_is_either_a_target_or_refused(text: str, expected: TargetKind | None) -> None:
    try:
        target = read_target(text, expected, now=NOW)
    except InvalidTarget:
        return
    assert target.key
    assert target.url.isascii()
    assert expected in (None, target.kind) or target.kind is TargetKind.SHORT_LINK


@given(st.text(max_size=40), st.sampled_from(["@", "tag/", "music/", "search?q=", "t/", "", "@a.b/video/"]))
def test_any_path_is_either_a_target_or_refused(path: str, folder: str) -> None:
    try:
        target = read_target(f"{SITE}/{folder}{path}", now=NOW)
    except InvalidTarget:
        return
    assert target.url.startswith(("https://www.tiktok.com/", "https://vm.tiktok.com/"))
