"""The same wish makes the same job, whoever utters it."""

from __future__ import annotations

from typing import Any

import pytest

from store.jobs.arguments import InvalidArgument
from store.jobs.filling import Wanted
from store.jobs.kinds import KINDS, find_kind
from tests.store.factories import NOON
from tiktok.errors import InvalidTarget

SITE = "https://www.tiktok.com"


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("profile", {}, {}),
        ("profile", {"limit": "50", "only_new": "1"}, {"limit": 50, "only_new": True}),
        ("profile", {"limit": 50, "only_new": True}, {"limit": 50, "only_new": True}),
        ("profile", {"limit": None, "fresh": False}, {}),
        ("profile", {"since": "2026-01-31"}, {"since": "2026-01-31T00:00:00+00:00"}),
        ("comments", {"replies": "0"}, {"replies": False}),
        ("search", {"kind": "videos"}, {}),
        ("trending", {"limit": 100}, {}),
    ],
)
def test_parameters_are_kept_as_what_differs_from_the_default(
    kind: str, given: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert KINDS[kind].read_parameters(given) == kept


@pytest.mark.parametrize("kind", KINDS)
def test_kept_parameters_are_read_like_the_first_ones(kind: str) -> None:
    texts = {"limit": "7", "since": "2026-01-31", "until": "2026-02-28", "fresh": "yes", "replies": "no"}
    given = {argument.name: texts.get(argument.name) for argument in KINDS[kind].more}
    names = [argument.name for argument in KINDS[kind].choices[:1] or KINDS[kind].arguments]
    target = dict.fromkeys(names, "x") if KINDS[kind].target else {}

    kept = KINDS[kind].read_parameters(given)

    assert KINDS[kind].read_parameters(kept) == kept
    assert KINDS[kind].read(target | given) == KINDS[kind].read(target | dict.fromkeys(given) | kept)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"limit": 0}, "limit: '0' is not a whole number from 1; write for example limit=50"),
        ({"limit": 1.5}, "limit: '1.5' is not a whole number from 1; write for example limit=50"),
        ({"limits": 5}, "limits: spider profile has no such argument; did you mean limit?"),
        (
            {"since": "2026-02-01", "until": "2026-01-01"},
            "until: 2026-01-01 is not after since; swap them or drop one",
        ),
    ],
)
def test_bad_parameters_name_the_field_and_the_fix(given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        KINDS["profile"].read_parameters(given)

    assert str(caught.value) == complaint


def test_an_unknown_kind_says_which_there_are() -> None:
    with pytest.raises(InvalidArgument, match=r"^kind: 'profiles' is not known; write one of profile, "):
        find_kind("profiles")


@pytest.mark.parametrize(
    ("kind", "given", "key"),
    [
        ("profile", " @Khaby.Lame ", "khaby.lame"),
        ("profile", f"{SITE}/@khaby.lame", "khaby.lame"),
        ("profile", "MS4wLjABAAAA" + "x" * 40, "MS4wLjABAAAA" + "x" * 40),
        ("hashtag", "#Funny", "funny"),
        ("video", f"{SITE}/@a.b/video/7106594312292453675", "7106594312292453675"),
        ("video", "https://vm.tiktok.com/ZMabc123/", "https://vm.tiktok.com/ZMabc123/"),
        ("video", f"{SITE}/t/ZTabc123/", f"{SITE}/t/ZTabc123/"),
        ("sound", f"{SITE}/music/title-7016547803243022337", "7016547803243022337"),
        ("search", "fone bluetooth, barato", "fone bluetooth, barato"),
        ("search", f"{SITE}/search?q=https%3A%2F%2Fexample.com", "https://example.com"),
        ("bulk_profiles", "@Khaby.Lame", "khaby.lame"),
        ("bulk_profiles", "6800000000000000001", "6800000000000000001"),
    ],
)
def test_a_target_is_kept_by_its_key_and_made_from_it_again(kind: str, given: str, key: str) -> None:
    (wanted,) = KINDS[kind].read_targets([given], now=NOON)

    assert wanted == Wanted(given.strip(), key)
    assert KINDS[kind].target_of(key).key in key


def test_what_can_t_be_crawled_is_refused_by_name() -> None:
    with pytest.raises(InvalidTarget, match=r"^tag: 'two words' is not a hashtag; give one word"):
        list(KINDS["hashtag"].read_targets(["funny", "two words"]))


def test_in_bulk_what_can_t_be_crawled_is_a_row_with_its_reason() -> None:
    good, bad = KINDS["bulk_profiles"].read_targets(["@khaby.lame", "khaby lame"])

    assert good.target == "khaby.lame"
    assert (bad.given, bad.target) == ("khaby lame", None)
    assert bad.problem.startswith("is not a username; give 2-24 letters")


def test_trending_has_one_target_whatever_is_given() -> None:
    assert list(KINDS["trending"].read_targets([])) == [Wanted("trending", "trending")]
    assert KINDS["trending"].target_of("trending").key == "trending"
