"""Where short links lead, and where they may not lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok.errors import ForeignHop, ShortLinkDeadEnd, ShortLinkError, ShortLinkUnresolved, TooManyHops
from tiktok.short_links import MAX_HOPS, next_hop
from tiktok.urls import Target, TargetKind

SHORT = "https://vm.tiktok.com/ZMabc/"
VIDEO = "7106594312292453675"


@pytest.mark.parametrize(
    ("location", "kind", "key"),
    [
        (f"https://www.tiktok.com/@a.b/video/{VIDEO}?_r=1&_t=8x", "video", VIDEO),
        (f"https://m.tiktok.com/v/{VIDEO}.html?_r=1", "video", VIDEO),
        ("https://www.tiktok.com/@a.b?_r=1", "user", "a.b"),
        ("https://www.tiktok.com/tag/funny", "hashtag", "funny"),
        ("https://www.tiktok.com/music/x-123456", "sound", "123456"),
        ("http://tiktok.com/@a.b", "user", "a.b"),
    ],
)
def test_a_redirect_to_a_page_resolves_the_link(location: str, kind: str, key: str) -> None:
    reached = next_hop(SHORT, location, hops=0)

    assert isinstance(reached, Target)
    assert (reached.kind, reached.key) == (kind, key)


@pytest.mark.parametrize(
    ("location", "reached"),
    [
        ("https://vt.tiktok.com/ZSdef/", "https://vt.tiktok.com/ZSdef/"),
        ("/t/ZTabc/", "https://vm.tiktok.com/t/ZTabc/"),
        ("https://api16.tiktokv.com/redirect?x=1", "https://api16.tiktokv.com/redirect?x=1"),
        ("https://www.tiktok.com:443/link/v2", "https://www.tiktok.com:443/link/v2"),
    ],
)
def test_a_redirect_to_something_else_of_theirs_is_followed(location: str, reached: str) -> None:
    assert next_hop(SHORT, location, hops=1) == reached


@pytest.mark.parametrize("location", ["https://www.tiktok.com/?_r=1", "https://www.tiktok.com", "/"])
def test_the_front_page_is_a_dead_end(location: str) -> None:
    with pytest.raises(ShortLinkDeadEnd, match="front page"):
        next_hop("https://www.tiktok.com/t/ZTabc/", location, hops=0)


def test_a_link_that_does_not_redirect_is_unresolved() -> None:
    with pytest.raises(ShortLinkUnresolved):
        next_hop(SHORT, None, hops=0)


def test_a_page_that_does_not_redirect_is_the_target() -> None:
    reached = next_hop(f"https://www.tiktok.com/@a.b/video/{VIDEO}", None, hops=MAX_HOPS)

    assert isinstance(reached, Target)
    assert reached.kind is TargetKind.VIDEO


def test_five_redirects_are_followed_and_no_sixth() -> None:
    url = SHORT
    for hops in range(MAX_HOPS):
        reached = next_hop(url, f"https://vm.tiktok.com/ZM{hops}/", hops)
        assert isinstance(reached, str)
        url = reached

    with pytest.raises(TooManyHops):
        next_hop(url, f"https://www.tiktok.com/@a.b/video/{VIDEO}", MAX_HOPS)


@pytest.mark.parametrize(
    "location",
    [
        "https://example.com/@a.b",
        "https://tiktok.com.example.com/@a.b",
        "https://nottiktok.com/@a.b",
        "https://user:password@www.tiktok.com/@a.b",
        "https://example.com\\@www.tiktok.com/@a.b",
        "https://example.com\\.tiktok.com/@a.b",
        "https://www.tiktok.com:8080/@a.b",
        "http://127.0.0.1/@a.b",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/@a.b",
        "http://[::1/",
        "http://2130706433/",
        "https://www.tiktok.com:99999/",
        "//example.com/@a.b",
        "ftp://www.tiktok.com/@a.b",
        "file:///etc/passwd",
        "snssdk1233://user/profile/1",
        "intent://www.tiktok.com/@a.b",
    ],
)
def test_foreign_and_private_addresses_are_never_visited(location: str) -> None:
    with pytest.raises(ForeignHop):
        next_hop(SHORT, location, hops=0)


def test_a_site_of_our_own_may_be_visited_and_no_other_private_one() -> None:
    site = "http://127.0.0.1:8123"

    reached = next_hop(f"{site}/t/ZTabc/", f"/@a.b/video/{VIDEO}", hops=0, site=site)

    assert isinstance(reached, Target)
    with pytest.raises(ForeignHop):
        next_hop(f"{site}/t/ZTabc/", "http://127.0.0.1:9/", hops=0, site=site)


@given(st.text(max_size=60))
def test_whatever_a_redirect_says_no_foreign_host_is_asked(location: str) -> None:
    try:
        reached = next_hop(SHORT, location, hops=0)
    except ShortLinkError:
        return
    assert isinstance(reached, Target) or reached.startswith("https://vm.tiktok.com/")


def test_a_product_of_indonesia_is_reached_at_tokopedia() -> None:
    address = "https://shop-id.tokopedia.com/pdp/kata/1731535811462268101?x=1"

    target = next_hop("https://vt.tiktok.com/ZSabc123/", address, 0)

    assert isinstance(target, Target)
    assert (target.kind, target.region) == (TargetKind.PRODUCT, "ID")
    with pytest.raises(ForeignHop):
        next_hop("https://vt.tiktok.com/ZSabc123/", "https://www.tokopedia.com/pdp/x/1731535811462268101", 0)
