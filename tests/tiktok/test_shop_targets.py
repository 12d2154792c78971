"""What can be crawled in the shop: all forms of its addresses, bare words, regions."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from tiktok.errors import InvalidTarget
from tiktok.shop_targets import in_region, is_search_of_best_sellers
from tiktok.targets import TargetKind
from tiktok.urls import read_target

PRODUCT = "1729447605324124806"
SELLER = "7495794203056835079"
REAL = Path(os.environ.get("CAPTURES_DIR") or Path(__file__).parents[3] / "shared" / "captures") / "shop"


@pytest.mark.parametrize(
    ("address", "region"),
    [
        (f"https://www.tiktok.com/shop/pdp/{PRODUCT}", None),
        (f"https://www.tiktok.com/shop/pdp/some-words/{PRODUCT}?enter_from=x", None),
        (f"https://www.tiktok.com/shop/vn/pdp/qu%E1%BA%A7n-%C4%91en/{PRODUCT}", "VN"),
        (f"https://shop.tiktok.com/us/pdp/{PRODUCT}", "US"),
        (f"https://shop.tiktok.com/gb/pdp/words/{PRODUCT}/", "GB"),
        (f"https://shop.tiktok.com/view/product/{PRODUCT}?region=US&locale=en", "US"),
        (f"https://www.tiktok.com/view/product/{PRODUCT}", None),
        (f"https://oec-api.tiktokv.com/view/product/{PRODUCT}", None),
        (f"https://shop-id.tokopedia.com/pdp/kata/{PRODUCT}", "ID"),
        (f"shop.tiktok.com/us/pdp/{PRODUCT}", "US"),
    ],
)
def test_a_product_is_known_by_every_form_of_its_address(address: str, region: str | None) -> None:
    target = read_target(address)

    assert (target.kind, target.key, target.region) == (TargetKind.PRODUCT, PRODUCT, region)


@pytest.mark.parametrize(
    ("address", "kind", "key"),
    [
        ("https://shop.tiktok.com/us/s?q=iphone%20case&page=2", "shop_search", "US:iphone case"),
        ("https://www.tiktok.com/shop/s/iphone%20case", "shop_search", "iphone case"),
        ("https://shop.tiktok.com/us/k/iphone-case", "shop_search", "US:iphone case"),
        ("https://www.tiktok.com/shop/c/womens-tops/601152", "shop_category", "601152"),
        ("https://shop.tiktok.com/gb/c/womens-tops/601152", "shop_category", "GB:601152"),
        (f"https://www.tiktok.com/shop/store/goli/{SELLER}", "store", SELLER),
        (f"https://shop.tiktok.com/us/store/goli/{SELLER}", "store", SELLER),
        ("https://www.tiktok.com/shop", "shop_trending", "home"),
        ("https://www.tiktok.com/shop/vn", "shop_trending", "VN:home"),
        ("https://shop.tiktok.com/us", "shop_trending", "US:home"),
    ],
)
def test_lists_are_known_by_their_addresses(address: str, kind: str, key: str) -> None:
    target = read_target(address)

    assert (target.kind, target.key) == (kind, key)


@pytest.mark.parametrize(
    ("word", "kind", "url"),
    [
        (PRODUCT, TargetKind.PRODUCT, f"https://shop.tiktok.com/gb/pdp/{PRODUCT}"),
        (
            "iphone case & co",
            TargetKind.SHOP_SEARCH,
            "https://shop.tiktok.com/gb/s?q=iphone%20case%20%26%20co",
        ),
        ("601152", TargetKind.SHOP_CATEGORY, "https://shop.tiktok.com/gb/c/x/601152"),
        (f"goli/{SELLER}", TargetKind.STORE, f"https://shop.tiktok.com/gb/store/goli/{SELLER}"),
        ("", TargetKind.SHOP_TRENDING, "https://www.tiktok.com/shop/gb"),
        ("home", TargetKind.SHOP_TRENDING, "https://www.tiktok.com/shop/gb"),
        ("601152", TargetKind.SHOP_TRENDING, "https://shop.tiktok.com/gb/c/x/601152"),
        ("electronics", TargetKind.SHOP_TRENDING, "https://shop.tiktok.com/gb/s?q=electronics"),
    ],
)
def test_a_bare_word_becomes_an_address_in_the_chosen_region(word: str, kind: TargetKind, url: str) -> None:
    target = in_region(read_target(word, kind), "GB")

    assert (target.url, target.region, target.kind) == (url, "GB", kind)


def test_the_region_of_an_address_outweighs_the_chosen_one() -> None:
    target = in_region(read_target(f"https://shop.tiktok.com/vn/pdp/{PRODUCT}"), "US")

    assert target.region == "VN"


def test_products_of_indonesia_live_at_tokopedia() -> None:
    target = in_region(read_target(PRODUCT, TargetKind.PRODUCT), "ID")

    assert target.url == f"https://shop-id.tokopedia.com/pdp/{PRODUCT}"


def test_only_words_that_are_no_category_ask_for_best_sellers() -> None:
    words = [
        ("electronics", True),
        ("601152", False),
        ("tops/601152", False),
        ("home", False),
        ("iphone 15", True),
    ]

    told = [
        (word, is_search_of_best_sellers(read_target(word, TargetKind.SHOP_TRENDING))) for word, _ in words
    ]

    assert told == words


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("123", TargetKind.PRODUCT),
        ("lamp", TargetKind.SHOP_CATEGORY),
        ("goli", TargetKind.STORE),
        ("x" * 201, TargetKind.SHOP_SEARCH),
        ("https://shop.tiktok.com/us/help", TargetKind.PRODUCT),
        (f"https://shop.tiktok.com/us/pdp/{PRODUCT}", TargetKind.STORE),
        ("https://www.tiktok.com/@khaby.lame", TargetKind.PRODUCT),
    ],
)
def test_what_names_nothing_of_that_kind_is_refused_with_the_fix(text: str, kind: TargetKind) -> None:
    with pytest.raises(InvalidTarget, match="give ") as refused:
        read_target(text, kind)

    assert refused.value.field == kind


def test_a_stand_in_of_the_shop_is_taken_for_it() -> None:
    target = read_target(f"http://127.0.0.1:8090/us/pdp/{PRODUCT}", shop_site="http://127.0.0.1:8090")

    assert (target.kind, target.region) == (TargetKind.PRODUCT, "US")
    with pytest.raises(InvalidTarget):
        read_target(f"http://127.0.0.1:8090/us/pdp/{PRODUCT}")


@pytest.mark.parametrize(
    ("name", "column", "kind", "count"),
    [
        ("pdp_links_us_2025-07.csv", 0, TargetKind.PRODUCT, 20),
        ("category_urls_us_2025-07.csv", 2, TargetKind.SHOP_CATEGORY, 11_107),
        ("dom_listing_vn_2026-01.csv", 2, TargetKind.PRODUCT, 197),
    ],
)
def test_all_captured_addresses_are_understood(name: str, column: int, kind: TargetKind, count: int) -> None:
    path = REAL / name
    if not path.is_file():
        pytest.skip(f"the real captures are not there: {REAL}")

    with path.open(encoding="utf-8-sig", newline="") as lines:
        addresses = [row[column] for row in csv.reader(lines) if row[column].startswith("https://")]

    assert len(addresses) == count
    assert {read_target(address).kind for address in addresses} == {kind}
