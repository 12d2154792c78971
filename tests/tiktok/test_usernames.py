from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok.targets import TargetKind, user_target
from tiktok.urls import SITE
from tiktok.usernames import LONGEST_SHOWN, read_username, read_usernames, username_target

SEC_UID = "MS4wLjABAAAA" + "aB3_-x" * 10 + "wxyz"


@pytest.mark.parametrize(
    ("text", "username"),
    [
        ("khaby.lame", "khaby.lame"),
        ("@khaby.lame", "khaby.lame"),
        ("@Khaby.Lame", "khaby.lame"),
        ("ab", "ab"),
        ("a" * 24, "a" * 24),
        ("_._", "_._"),
        ("..a", "..a"),
        ("12", "12"),
        ("6800000000000000001", "6800000000000000001"),  # digits are letters of a name here
        (f"{SITE}/@Khaby.Lame?lang=en", "khaby.lame"),
        ("tiktok.com/@khaby.lame", "khaby.lame"),
        ("http://127.0.0.1:8090/@khaby.lame", "khaby.lame"),
    ],
)
def test_a_name_is_the_same_in_all_its_clothes(text: str, username: str) -> None:
    entry = read_username(text, site="http://127.0.0.1:8090")

    assert (entry.given, entry.username, entry.reason) == (text, username, None)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "@a",
        "a" * 25,
        "khaby.lame.",
        "khaby lame",
        "khaby-lame",
        "@@khaby.lame",
        "khabý",
        "кхаби",
        "a\x00b",
        "😀😀",
        SEC_UID,
        f"{SITE}/@{SEC_UID}",
        f"{SITE}/@khaby.lame/video/7106594312292453675",
        f"{SITE}/tag/funny",
        "https://vm.tiktok.com/ZMabc123/",
        "https://example.com/@khaby.lame",
        "https://[::1/@khaby",
    ],
)
def test_what_is_no_username_is_told_with_the_reason_and_the_fix(text: str) -> None:
    entry = read_username(text)

    assert entry.username is None
    assert entry.given == text
    assert entry.reason
    assert "give 2-24 letters" in entry.reason
    assert "\n" not in entry.reason


def test_a_list_may_hold_comments_blank_lines_commas_and_marks_of_windows() -> None:
    lines = ["\ufeff@one\r\n", "# two, not this one\n", "\n", "  \t\n", "three, four;five ,\n", "  six  "]

    assert [entry.username for entry in read_usernames(lines)] == ["one", "three", "four", "five", "six"]


def test_a_list_is_read_one_name_at_a_time() -> None:
    endless = (f"user{number}" for number in iter(int, 1))

    assert [entry.username for entry in islice(read_usernames(endless), 2)] == ["user0", "user0"]


def test_of_an_endless_word_only_the_beginning_is_kept() -> None:
    (entry,) = read_usernames(["x" * 1_000_000])

    assert entry.given == "x" * LONGEST_SHOWN


@given(st.text(max_size=60))
def test_every_text_is_a_name_or_has_a_reason(text: str) -> None:
    for entry in read_usernames([text]):
        assert (entry.username is None) != (entry.reason is None)
        if entry.username:
            assert read_username(entry.username).username == entry.username


def test_the_target_of_a_name_is_its_profile() -> None:
    assert username_target("khaby.lame") == user_target("@khaby.lame")
    assert username_target("6800000000000000001").kind is TargetKind.USER
    assert username_target("6800000000000000001").user_id is None
