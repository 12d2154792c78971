"""Addresses in items lead back to what they describe."""

from __future__ import annotations

import pytest

from tiktok.parsing.links import hashtag_url, post_url, sound_url, user_url
from tiktok.urls import TargetKind, read_target


@pytest.mark.parametrize("is_photo", [False, True])
def test_post_url(is_photo: bool) -> None:
    url = post_url("nora.paints", "7600000000000000100", is_photo=is_photo)

    assert url is not None
    target = read_target(url)
    assert (target.kind, target.key) == (TargetKind.VIDEO, "7600000000000000100")
    assert ("/photo/" in url) is is_photo


def test_no_canonical_address_without_a_name() -> None:
    assert post_url(None, "7600000000000000100", is_photo=False) is None
    assert user_url(None) is None


def test_user_url() -> None:
    url = user_url("nora.paints")

    assert url is not None
    assert read_target(url).url == url


@pytest.mark.parametrize("name", ["funny", "ölfarbe", "ビアボール", "سوريا🇸🇾", "100%"])
def test_hashtag_url(name: str) -> None:
    target = read_target(hashtag_url(name))

    assert (target.kind, target.key) == (TargetKind.HASHTAG, name)
    assert target.url == hashtag_url(name)


@pytest.mark.parametrize(
    "title", ["original sound", "Resistiré", "オリジナル楽曲 - 🍤", "a/b?c#d%", "🎵", None]
)
def test_sound_url(title: str | None) -> None:
    target = read_target(sound_url(title, "7600000000000000200"))

    assert (target.kind, target.key) == (TargetKind.SOUND, "7600000000000000200")
