"""Several answers that a page fetched, spoken as one reply."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tiktok.endpoints import Known
from tiktok.harvests import Harvest
from tiktok.items import Comment, Video
from tiktok.replies import Reply
from tiktok.routes import Operation
from tiktok.shop_targets import shop_search_target
from tiktok.targets import Target, hashtag_target, search_target, trending_target, video_target
from tiktok.verdicts import Verdict, judge

SITE = "https://www.tiktok.com"
TAG = "/api/challenge/item_list/?challengeID=42"
VIDEO = "7106594312292453675"
COMMENTS = f"/api/comment/list/?aweme_id={VIDEO}"
REPLIES = f"/api/comment/list/reply/?item_id={VIDEO}&comment_id=900"

PAGE = (
    '<html><script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">'
    '{"__DEFAULT_SCOPE__":{"webapp.app-context":{"wid":"7300000000000000001","region":"US"}%s}}</script></html>'
)
GONE = ',"webapp.challenge-detail":{"statusCode":10205,"statusMsg":"","challengeInfo":{}}'
WAITING = '<html><body>Please wait... <p id="wci" class="_wafchallengeid"></p><p id="cs"></p></body></html>'


def harvest(
    operation: Operation = Operation.HASHTAG_VIDEOS,
    target: Target | None = None,
    known: Known = Known(challenge_id="42"),  # noqa: B008  # frozen
) -> Harvest:
    made = Harvest(operation, target or hashtag_target("funny"), known)
    made.show(document(PAGE % ""))
    return made


def document(html: str) -> Reply:
    return Reply(url=f"{SITE}/tag/funny", status=200, body=html.encode())


def answer(address: str, body: Any) -> Reply:
    return Reply(
        url=SITE + address, status=200, body=body if isinstance(body, bytes) else json.dumps(body).encode()
    )


def posts(*ids: int, more: bool | None = True) -> dict[str, Any]:
    page = {
        "itemList": [{"id": str(one), "desc": "", "createTime": 1_700_000_000} for one in ids],
        "statusCode": 0,
    }
    return page if more is None else page | {"hasMore": more, "cursor": "30"}


def comments(*ids: int, more: int = 1) -> dict[str, Any]:
    rows = [{"cid": str(one), "aweme_id": VIDEO, "text": "x", "reply_id": "0"} for one in ids]
    return {"comments": rows, "has_more": more, "cursor": 20, "total": 99, "status_code": 0}


def test_pages_follow_each_other_in_one_reply_and_its_last_says_whether_there_is_more() -> None:
    made = harvest()
    made.add(answer(f"{TAG}&cursor=0", posts(1, 2)))
    made.add(answer(f"{TAG}&cursor=30", posts(2, 3, more=False)))

    reply = made.reply()

    assert reply.parsed.page
    assert (reply.parsed.page.keys, reply.parsed.page.has_more) == (["1", "2", "3"], False)
    assert [item.key for item in reply.parsed.items if isinstance(item, Video)] == ["1", "2", "3"]
    assert judge(reply, Operation.HASHTAG_VIDEOS).verdict is Verdict.OK
    assert made.has_ended


def test_who_the_page_takes_us_for_comes_along() -> None:
    made = harvest()
    made.add(answer(TAG, posts(1)))

    visitor = made.reply().parsed.visitor

    assert visitor
    assert visitor.device_id == "7300000000000000001"


def test_only_the_answers_about_the_target_belong_to_it() -> None:
    made = harvest()

    assert made.wants(f"{SITE}{TAG}&cursor=0")
    assert not made.wants(f"{SITE}/api/challenge/item_list/?challengeID=43")
    assert not made.wants(f"{SITE}/api/recommend/item_list/?count=30")
    assert not made.wants(f"{SITE}/tag/funny")


def test_a_search_is_known_by_its_words_in_any_case() -> None:
    made = harvest(Operation.SEARCH_USERS, search_target("iPhone Case"), Known())

    assert made.wants(f"{SITE}/api/search/user/full/?keyword=iphone%20case")
    assert not made.wants(f"{SITE}/api/search/user/full/?keyword=iphone")


def test_a_place_that_was_asked_again_counts_once() -> None:
    made = harvest()
    made.add(answer(f"{TAG}&cursor=0", posts(1)))
    made.add(answer(f"{TAG}&cursor=30", b""))
    refused = made.refusal
    made.add(answer(f"{TAG}&cursor=30&X-Bogus=other", posts(2)))
    mended = made.refusal

    assert (refused is None, mended is None) == (False, True)
    assert list(made.row_keys()) == ["1", "2"]


def test_a_feed_is_asked_the_same_again_and_again() -> None:
    made = harvest(Operation.TRENDING, trending_target(""), Known())
    made.add(answer("/api/recommend/item_list/?count=30", posts(1)))
    made.add(answer("/api/recommend/item_list/?count=30", posts(2)))

    assert list(made.row_keys()) == ["1", "2"]


def test_a_refusal_in_the_middle_keeps_the_rows_and_says_why_they_end() -> None:
    made = harvest()
    made.add(answer(f"{TAG}&cursor=0", posts(1)))
    made.add(answer(f"{TAG}&cursor=30", {"code": "10000", "type": "verify"}))

    reply = made.reply()

    assert made.broken_off
    assert made.broken_off.verdict is Verdict.CAPTCHA
    assert judge(reply, Operation.HASHTAG_VIDEOS).verdict is Verdict.OK
    assert reply.parsed.page
    assert (reply.parsed.page.has_more, reply.parsed.page.stopped) == (None, "broken off by captcha")
    assert [judge(part, Operation.HASHTAG_VIDEOS).verdict for part in reply.parts][-1] is Verdict.CAPTCHA


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (b"", Verdict.EMPTY),
        ({"code": "10000", "type": "verify"}, Verdict.CAPTCHA),
        ({"statusCode": 10102}, Verdict.LOGIN_REQUIRED),
        (posts(more=False), Verdict.OK),
    ],
)
def test_without_rows_the_last_answer_speaks(body: Any, verdict: Verdict) -> None:
    made = harvest()
    made.add(answer(TAG, body))

    assert judge(made.reply(), Operation.HASHTAG_VIDEOS).verdict is verdict
    assert made.broken_off is None


@pytest.mark.parametrize(
    ("html", "verdict"),
    [
        (PAGE % GONE, Verdict.NOT_FOUND),
        (PAGE % "", Verdict.NO_DATA),
        (WAITING, Verdict.WAF_CHALLENGE),
    ],
)
def test_without_answers_the_document_speaks(html: str, verdict: Verdict) -> None:
    made = harvest()
    made.show(document(html))

    assert judge(made.reply(), Operation.HASHTAG_VIDEOS).verdict is verdict
    assert made.is_waiting_page is (verdict is Verdict.WAF_CHALLENGE)


def test_a_page_that_says_gone_outweighs_an_answer_that_says_nothing() -> None:
    made = harvest()
    made.show(document(PAGE % GONE))
    made.add(answer(TAG, b""))

    assert judge(made.reply(), Operation.HASHTAG_VIDEOS).verdict is Verdict.NOT_FOUND


def test_replies_come_along_and_do_not_page_the_comments() -> None:
    made = harvest(Operation.COMMENTS, video_target(VIDEO), Known())
    made.add(answer(f"{COMMENTS}&cursor=0", comments(900, 901)))
    made.add(answer(f"{REPLIES}&cursor=0", comments(950, more=0)))

    parsed = made.reply("nothing new in 25 s").parsed

    assert parsed.page
    assert (parsed.page.keys, parsed.page.has_more, parsed.page.declared) == (["900", "901"], True, 99)
    assert parsed.page.stopped == "nothing new in 25 s"
    assert {item.key for item in parsed.items if isinstance(item, Comment)} == {"900", "901", "950"}
    assert (made.size, made.along, made.has_ended) == (2, 1, False)


def test_a_record_may_come_with_the_page_or_after_it() -> None:
    record = {"challengeInfo": {"challenge": {"id": "42", "title": "funny"}, "stats": {"videoCount": 3}}}
    made = harvest(Operation.HASHTAG)
    assert made.judgement
    assert made.judgement.verdict is Verdict.NO_DATA

    made.add(answer("/api/challenge/detail/?challengeName=funny", record))

    assert judge(made.reply(), Operation.HASHTAG).verdict is Verdict.OK


def test_a_long_list_weighs_its_rows_and_not_its_bodies() -> None:
    made = harvest()
    for page in range(1, 6):
        made.add(answer(f"{TAG}&cursor={page}", posts(page)))

    kept = sum(len(one.reply.body) > 0 for one in made.answers)

    assert kept == 1
    assert len(list(made.row_keys())) == 5


def test_the_first_page_with_rows_speaks_even_after_an_empty_one() -> None:
    made = harvest()
    made.add(answer(f"{TAG}&cursor=0", posts()))
    made.add(answer(f"{TAG}&cursor=30", posts(1)))
    made.add(answer(f"{TAG}&cursor=60", posts(2, more=False)))

    reply = made.reply()

    assert judge(reply, Operation.HASHTAG_VIDEOS).rule == "rows"
    assert reply.body


def shop_page(*ids: int, more: bool, feeds: int = 1) -> Reply:
    rows = [{"product_id": str(one), "title": "x"} for one in ids]
    part = {"component_name": "feed", "component_data": {"products": rows, "has_more": more}}
    data = {"loaderData": {"page": {"page_config": {"components_map": [part] * feeds}}}}
    script = f'<script id="__MODERN_ROUTER_DATA__" type="application/json">{json.dumps(data)}</script>'
    return document(f"<html>{script}</html>")


def shop_rows(*ids: int, more: bool) -> Reply:
    rows = [{"product_id": str(one), "title": "x"} for one in ids]
    address = "/api/shop/brandy_desktop/s/product_list?device_platform=web"
    return answer(address, {"code": 0, "data": {"products": rows, "has_more": more}})


def shop_harvest(first: Reply) -> Harvest:
    made = Harvest(Operation.SHOP_SEARCH, shop_search_target("lamp", "US"))
    made.show(first)
    return made


def test_a_list_of_the_shop_begins_with_its_page_and_goes_on_by_what_was_posted() -> None:
    made = shop_harvest(shop_page(1, 2, more=True))

    for reply in (shop_rows(3, 4, more=True), shop_rows(5, more=False)):
        made.add(reply)

    page = made.reply().parsed.page
    assert page is not None
    assert (page.keys, page.has_more, made.has_ended) == (["1", "2", "3", "4", "5"], False, True)
    assert len(made.reply().parsed.items) == 5


def test_a_page_of_the_shop_may_be_all_there_is() -> None:
    made = shop_harvest(shop_page(1, 2, more=False))

    assert made.has_ended
    assert made.reply().parsed.page is not None


def test_of_several_lists_on_a_page_none_tells_the_end_of_all() -> None:
    made = shop_harvest(shop_page(1, 2, more=True, feeds=2))

    made.add(shop_rows(3, more=False))

    page = made.reply("nothing new").parsed.page
    assert page is not None
    assert (page.has_more, made.has_ended) == (None, False)


def test_a_list_of_the_shop_that_is_refused_in_the_middle_is_broken_off() -> None:
    made = shop_harvest(shop_page(1, 2, more=True))

    made.add(answer("/api/shop/brandy_desktop/s/product_list", {"code": 100000}))

    assert made.broken_off is not None
    assert made.broken_off.verdict is Verdict.GATED
    assert not made.has_ended


def test_only_lists_of_products_belong_to_the_shop() -> None:
    made = shop_harvest(shop_page(1, more=True))

    assert made.wants(f"{SITE}/api/shop/brandy_desktop/c/product_list?x=1")
    assert made.wants(f"{SITE}/api/shop/home/product_list")
    assert not made.wants(f"{SITE}/api/shop/pdp_h5/get_product_reviews")
    assert not made.wants(f"{SITE}/api/challenge/item_list/")
