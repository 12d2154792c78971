"""How the shop says no: each refusal has its own verdict, and none of them is an empty list."""

from __future__ import annotations

import pytest

from tests.tiktok.parsing.test_captures import HANDMADE
from tiktok.replies import Reply
from tiktok.routes import Operation
from tiktok.verdicts import judge

PAGE = "https://shop.tiktok.com/us/s?q=case"
LIST = "https://shop.tiktok.com/api/shop/brandy_desktop/s/product_list"


def judged(name: str, operation: Operation, url: str = PAGE) -> tuple[str, str]:
    body = (HANDMADE / "shop" / name).read_bytes()
    judgement = judge(Reply(url=url, status=200, body=body), operation)
    return judgement.verdict, judgement.rule


@pytest.mark.parametrize(
    ("name", "operation", "expected"),
    [
        ("product-a.html", Operation.SHOP_PRODUCT, ("ok", "record")),
        ("product-masked.html", Operation.SHOP_PRODUCT, ("ok", "record")),
        ("product-gone.html", Operation.SHOP_PRODUCT, ("not_found", "product_gone")),
        ("product-not-in-region.html", Operation.SHOP_PRODUCT, ("region_blocked", "product_not_in_region")),
        (
            "product-not-in-region-by-words.html",
            Operation.SHOP_PRODUCT,
            ("region_blocked", "product_not_in_region"),
        ),
        ("product-unavailable.html", Operation.SHOP_PRODUCT, ("unavailable", "product_unavailable")),
        ("product-comes-later.html", Operation.SHOP_PRODUCT, ("no_data", "no_record")),
        ("search.html", Operation.SHOP_PRODUCT, ("no_data", "no_record")),
        ("search.html", Operation.SHOP_SEARCH, ("ok", "rows")),
        ("search-empty.html", Operation.SHOP_SEARCH, ("ok", "no_rows")),
        ("search-empty-abroad.html", Operation.SHOP_SEARCH, ("withheld", "empty_abroad")),
        ("search-without-feed.html", Operation.SHOP_SEARCH, ("no_data", "no_record")),
        ("search-rows-renamed.html", Operation.SHOP_SEARCH, ("schema_changed", "required_missing")),
        ("product-a.html", Operation.SHOP_SEARCH, ("no_data", "no_record")),
        ("captcha.html", Operation.SHOP_SEARCH, ("captcha", "captcha_page")),
        ("captcha.html", Operation.SHOP_PRODUCT, ("captcha", "captcha_page")),
    ],
)
def test_each_page_has_its_verdict(name: str, operation: Operation, expected: tuple[str, str]) -> None:
    assert judged(name, operation) == expected


def test_a_missing_token_is_a_gate_and_another_code_is_news() -> None:
    assert judged("token-refused.json", Operation.SHOP_SEARCH, LIST) == ("gated", "shop_token")
    other = judge(Reply(url=LIST, status=200, body=b'{"code":7,"message":"x"}'), Operation.SHOP_SEARCH)
    assert (other.verdict, other.rule) == ("schema_changed", "shop_code")


def test_being_sent_to_the_main_site_is_about_the_region() -> None:
    url = "https://www.tiktok.com/?enter_method=not_supported_region"
    landed = judge(Reply(url=url, status=200, body=b"<html></html>"), Operation.SHOP_SEARCH)
    sent = judge(Reply(url=PAGE, status=302, headers={"location": url}), Operation.SHOP_SEARCH)

    assert (landed.verdict, landed.rule) == (sent.verdict, sent.rule) == ("region_blocked", "region_redirect")
