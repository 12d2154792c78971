"""The samples that are shipped: realistic in shape, and never to be taken for TikTok's."""

from __future__ import annotations

import pytest

from pipelines.soundness import find_defect
from store.curated import curated_products
from tiktok.shop_targets import SHOP_WORDS
from tiktok.targets import Target, TargetKind

HOME = SHOP_WORDS[TargetKind.SHOP_TRENDING]("home", "US")
OLDEST_ID = 1_700_000_000_000_000_000
"""TikTok's products of today have larger ids."""


def target(kind: TargetKind, word: str) -> Target:
    return SHOP_WORDS[kind](word, "US")


def test_samples_are_whole_and_sound() -> None:
    samples = curated_products(HOME)

    assert len(samples) >= 20
    assert len({sample.id for sample in samples}) == len(samples)
    for sample in samples:
        assert find_defect(sample) is None
        assert sample.title
        assert sample.price
        assert sample.seller_name
        assert sample.categories
        assert (sample.original_price is None) == (sample.discount is None)
        if sample.original_price and sample.discount:
            assert round((1 - sample.price / sample.original_price) * 100) == sample.discount


def test_a_sample_cannot_be_taken_for_a_product_of_tiktok() -> None:
    for sample in curated_products(HOME):
        assert sample.route == "curated"
        assert int(sample.id) < OLDEST_ID
        assert (sample.url or "").startswith("https://example.com/")
        assert (sample.seller_name or "").startswith("Sample ")
        assert all(link.startswith("https://example.com/") for link in sample.image_urls)


@pytest.mark.parametrize(
    ("kind", "word", "least"),
    [
        (TargetKind.SHOP_SEARCH, "iphone case", 3),
        (TargetKind.SHOP_SEARCH, "Fone Bluetooth", 2),
        (TargetKind.SHOP_SEARCH, "nothing of the kind", 0),
        (TargetKind.SHOP_CATEGORY, "phones/601739", 8),
        (TargetKind.SHOP_CATEGORY, "999999", 0),
        (TargetKind.SHOP_TRENDING, "electronics", 8),
        (TargetKind.STORE, "7495794203056835079", 0),
        (TargetKind.PRODUCT, "1729447605324124806", 0),
    ],
)
def test_samples_fit_what_was_asked_for(kind: TargetKind, word: str, least: int) -> None:
    samples = curated_products(target(kind, word))

    assert len(samples) >= least
    assert bool(samples) == bool(least)


def test_the_most_sold_come_first_and_no_more_than_wanted() -> None:
    sold = [sample.sales_count or 0 for sample in curated_products(HOME, 5)]

    assert len(sold) == 5
    assert sold == sorted(sold, reverse=True)


def test_each_who_asks_gets_samples_of_his_own() -> None:
    first = curated_products(HOME, 1)[0]
    first.title = "changed"

    assert curated_products(HOME, 1)[0].title != "changed"
