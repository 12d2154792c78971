"""A body is decoded as far as it can be, and hostile ones do no harm."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tiktok.parsing.documents import SIGI, UNIVERSAL, read_document

PAGE = '<html><body><script id="{}" type="application/json">{}</script></body></html>'
VIDEO = {"__DEFAULT_SCOPE__": {"webapp.video-detail": {"statusCode": 0}}}
FRAME = {"__DEFAULT_SCOPE__": {"webapp.app-context": {"wid": "1"}}}


def page(*scripts: tuple[str, Any]) -> bytes:
    return "".join(PAGE.format(name, json.dumps(data)) for name, data in scripts).encode()


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\xef\xbb\xbf"])
def test_nothing_but_white_space_is_empty(body: bytes) -> None:
    document = read_document(body)

    assert (document.kind, document.payload) == ("empty", None)


def test_json_may_start_with_a_byte_order_mark_and_white_space() -> None:
    document = read_document(b'\xef\xbb\xbf \n{"statusCode": 0}')

    assert (document.kind, document.script, document.payload) == ("json", None, {"statusCode": 0})


def test_a_list_is_a_payload_and_a_number_is_none() -> None:
    assert read_document(b'[{"id": "1"}]').payload == [{"id": "1"}]
    assert read_document(b"[1").payload is None
    assert read_document(b"1").kind == "other"


def test_the_data_script_is_found_by_its_tag_and_not_by_its_name() -> None:
    decoy = f"<script>document.getElementById('{UNIVERSAL}').remove()</script>".encode()

    document = read_document(b"<!DOCTYPE html>" + decoy + page((UNIVERSAL, VIDEO)))

    assert (document.kind, document.script, document.payload) == ("html", UNIVERSAL, VIDEO)


def test_a_page_without_data_is_html_without_a_payload() -> None:
    document = read_document(b"<html><body>Please wait...</body></html>")

    assert (document.kind, document.script, document.payload) == ("html", None, None)


def test_older_data_beside_a_bare_frame_is_read_together_with_it() -> None:
    room = {"LiveRoom": {"needLogin": False}}

    document = read_document(page((UNIVERSAL, FRAME), (SIGI, room)))

    assert document.script == SIGI
    assert document.payload == {**FRAME, **room}


def test_older_data_beside_a_full_page_is_left_alone() -> None:
    document = read_document(page((SIGI, {"SEOState": {}}), (UNIVERSAL, VIDEO)))

    assert (document.script, document.payload) == (UNIVERSAL, VIDEO)


def test_a_frame_alone_is_a_payload_too() -> None:
    document = read_document(page((UNIVERSAL, FRAME)))

    assert (document.script, document.payload) == (UNIVERSAL, FRAME)


def test_a_body_cut_behind_the_closing_brace_is_complete() -> None:
    whole = page((UNIVERSAL, VIDEO))
    cut = whole[: whole.index(b"</script>") + 3]

    assert read_document(cut).payload == VIDEO


def test_a_body_cut_within_the_data_has_no_payload() -> None:
    whole = page((UNIVERSAL, VIDEO))
    cut = whole[: whole.index(b"</script>") - 1]

    document = read_document(cut)

    assert (document.kind, document.payload) == ("html", None)


def test_lone_surrogates_become_storable_and_pairs_stay() -> None:
    document = read_document(rb'{"text": "cut \ud83d emoji \ud83d\ude00", "k\udc00ey": ["\udfff"]}')

    assert document.payload == {"text": "cut \ufffd emoji \U0001f600", "k\ufffdey": ["\ufffd"]}
    assert json.dumps(document.payload, ensure_ascii=False).encode()


def test_not_a_number_is_nothing() -> None:
    assert read_document(b'{"a": NaN, "b": -Infinity, "c": 1.5}').payload == {"a": None, "b": None, "c": 1.5}


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert read_document(b'{"a": "caf\xe9"}').payload == {"a": "caf\ufffd"}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"a": ' + b"9" * 6_000 + b"}",
        b'{"a": "\\ud800' + b'", "b": [' * 400,
        b'<script id="SIGI_STATE">' * 5_000,
        b'<script id="__NEXT_DATA__"',
        b"\x00\xff\xfe" * 100,
    ],
    ids=["open brackets", "deep objects", "huge number", "cut", "many tags", "cut tag", "binary"],
)
def test_hostile_bodies_have_no_payload(body: bytes) -> None:
    assert read_document(body).payload is None


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, None),
        ([{"statusCode": 10202}], None),
        ({"statusCode": 0}, 0),
        ({"statusCode": 10204, "status_code": 0}, 10204),
        ({"statusCode": 0, "status_code": "10222"}, 10222),
        ({"statusCode": "0", "error_code": 10101}, 10101),
        ({"statusCode": True, "status_code": False}, None),
        ({"statusCode": "many", "status_code": None}, None),
        ({"code": 200, "data": {"statusCode": 10204}}, 10204),
        ({"__DEFAULT_SCOPE__": {"webapp.video-detail": {"statusCode": 10216}}}, 10216),
        ({"__DEFAULT_SCOPE__": {"webapp.reflow.global.shareUser": {"statusCode": 10221}}}, None),
        ({"props": {"pageProps": {"statusCode": 10202}}}, 10202),
        ({"VideoPage": {"statusCode": 10204}}, 10204),
        ({"source": {"data": {"/embed/@x": {"isError": True, "errorCode": 10202}}}}, 10202),
        ({"source": {"data": {"/embed/tag/x": {"embedInfo": {"statusCode": 10205}}}}}, 10205),
    ],
)
def test_of_several_status_codes_the_non_zero_one_speaks(payload: Any, code: int | None) -> None:
    document = read_document(json.dumps(payload).encode())

    assert document.status_code == code
