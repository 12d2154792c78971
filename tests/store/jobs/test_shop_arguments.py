"""What a crawl of the shop is asked for, at the command line and in a job."""

from __future__ import annotations

from typing import Any

import pytest

from store.jobs.arguments import InvalidArgument
from store.jobs.kinds import KINDS
from store.jobs.shop_arguments import shop_texts
from tiktok.errors import InvalidTarget
from tiktok.shop_targets import in_region
from tiktok.targets import Target, TargetKind

SHOP = KINDS["shop"]
PRODUCT = "1729447605324124806"
SELLER = "7495794203056835079"


def targets(texts: list[str], **more: Any) -> list[Target]:
    rows = [wanted.target or "" for wanted in SHOP.read_targets(texts, **more)]
    return [SHOP.target_of(row) for row in rows]


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ({"q": "red, green"}, ["q=red, green"]),
        ({"product": f"{PRODUCT}, {PRODUCT[:-1]}7"}, [f"product={PRODUCT}", f"product={PRODUCT[:-1]}7"]),
        ({"category": "601152"}, ["category=601152"]),
        ({"store": SELLER}, [f"store={SELLER}"]),
        ({"trending": "1"}, ["trending="]),
        ({"trending": "1", "category": "electronics"}, ["trending=electronics"]),
    ],
)
def test_one_argument_names_the_targets(given: dict[str, str], texts: list[str]) -> None:
    assert shop_texts(SHOP.read(given)) == texts


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({}, "q: is missing; give one of q, product, category, store, trending"),
        ({"q": "x", "store": SELLER}, "store: can't be given together with q; leave one of them out"),
        ({"trending": "1", "q": "x"}, "trending: can't be given together with q; leave one of them out"),
        ({"trending": "0"}, "q: is missing; give one of q, product, category, store, trending"),
        (
            {"q": "x", "region": "usa"},
            "region: 'usa' is not a country of two letters; write for example region=us",
        ),
        (
            {"query": "x"},
            "query: spider shop has no such argument; it takes q, product, category, store, trending",
        ),
    ],
)
def test_bad_arguments_are_refused_in_one_line(given: dict[str, str], complaint: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        SHOP.read(given)

    assert str(refused.value).startswith(complaint)


@pytest.mark.parametrize(
    ("text", "kind", "key", "region"),
    [
        ("q=iphone case: red", TargetKind.SHOP_SEARCH, "iphone case: red", None),
        ("q=https://shop.tiktok.com/gb/s?q=lamp", TargetKind.SHOP_SEARCH, "GB:lamp", "GB"),
        (f"product={PRODUCT}", TargetKind.PRODUCT, PRODUCT, None),
        ("category=tops/601152", TargetKind.SHOP_CATEGORY, "601152", None),
        (f"store={SELLER}", TargetKind.STORE, SELLER, None),
        ("trending", TargetKind.SHOP_TRENDING, "home", None),
        ("trending=electronics", TargetKind.SHOP_TRENDING, "electronics", None),
        ("trending=https://shop.tiktok.com/gb/c/tops/601152", TargetKind.SHOP_TRENDING, "GB:601152", "GB"),
        (f"https://shop.tiktok.com/us/store/goli/{SELLER}", TargetKind.STORE, SELLER, "US"),
        ("https://www.tiktok.com/shop/vn", TargetKind.SHOP_TRENDING, "VN:home", "VN"),
    ],
)
def test_a_target_carries_its_kind_through_the_ledger(
    text: str, kind: TargetKind, key: str, region: str | None
) -> None:
    (target,) = targets([text])

    assert (target.kind, target.key, target.region) == (kind, key, region)


def test_a_target_of_the_ledger_keeps_the_words_of_its_address() -> None:
    (target,) = targets([f"https://www.tiktok.com/shop/store/goli-nutrition/{SELLER}"])

    assert in_region(target, "US").url == f"https://shop.tiktok.com/us/store/goli-nutrition/{SELLER}"


def test_a_short_link_stays_one_until_it_is_followed() -> None:
    (target,) = targets(["https://vt.tiktok.com/ZSabc123/"])

    assert target.kind is TargetKind.SHORT_LINK
    assert SHOP.takes(TargetKind.PRODUCT)
    assert not SHOP.takes(TargetKind.VIDEO)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("product=12", "product"),
        ("store=https://www.tiktok.com/@khaby.lame", "store"),
        ("https://www.tiktok.com/@khaby.lame", "target"),
        ("lamp", "target"),
        ("colour=red", "target"),
    ],
)
def test_what_is_no_part_of_the_shop_is_refused_with_the_fix(text: str, field: str) -> None:
    with pytest.raises(InvalidTarget, match="give ") as refused:
        targets([text])

    assert refused.value.field == field


def test_a_stand_in_is_the_shop_on_its_own_address() -> None:
    site = "http://127.0.0.1:8090"

    (target,) = targets([f"{site}/us/pdp/{PRODUCT}"], site=site)

    assert (target.key, target.region) == (PRODUCT, "US")
