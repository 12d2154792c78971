from __future__ import annotations

import unicodedata

import pytest

from tiktok.media.names import LONGEST_BYTES, safe_name

HOSTILE = [
    "", " ", ".", "..", "...", "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "C:\\x", "x\0y", "nul",
    "CON", "com1.txt", "LPT¹", "a.", "a ", ".hidden", "a:b", 'say "hi"', "who?", "*", "<b>", "a|b", "tab\tnew\nline",
    "\u202eevil",
    "\u200f\u200e", "x\u2066y\u2069", "\ud800", "a\ud83d", "\ufeffbom", "é" * 300, "a" * 300, "👩‍🚀" * 100, "👍🏽" * 90,
    "e\u0301" * 200, "\ue000private", "~", "name~abcdef", "con.", "aux .", "\U000e0041tag",
]  # fmt: skip
PLAIN = [
    "khaby.lame",
    "O'Brien",
    "it's",
    "café",
    "شاي",
    "日本語",
    "😀 ok",
    "👩‍🚀",
    "a-b_c (1)",
    "~tilde",
    "x.y.z",
    "ß",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_harmless_name_stays_as_it_is(text: str) -> None:
    assert safe_name(text) == text


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_hostile_name_becomes_one_that_every_file_system_takes(text: str) -> None:
    name = safe_name(text)

    assert name
    assert name not in {".", ".."}
    assert not set(name) & set('<>:"/\\|?*')
    assert not name.startswith(".")
    assert name[-1] not in ". "
    assert name.split(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt¹"}
    assert len(name.encode()) <= LONGEST_BYTES
    assert unicodedata.normalize("NFC", name) == name
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Co"} for c in name)
    assert not set(name) & set("\u200e\u200f\u202a\u202e\u2066\u2069\ufeff")
    assert safe_name(text) == name


def test_different_names_stay_different() -> None:
    names = [safe_name(text) for text in HOSTILE + PLAIN]

    assert len({name.casefold() for name in names}) == len(names)


def test_a_made_name_is_not_taken_for_an_original() -> None:
    made = safe_name("a/b")

    assert safe_name(made) != made


def test_what_is_drawn_as_one_is_not_cut_in_two() -> None:
    for longest in range(12, 60):
        stem = safe_name("👩‍🚀" * 10 + "👍🏽" * 10 + "e\u0301" * 10, longest).rpartition("~")[0]

        assert not stem.endswith("\u200d")
        assert stem.count("👩") == stem.count("👩‍🚀")
        assert stem.count("👍") == stem.count("👍🏽")
