"""Uploads chunk by chunk: what is kept, what is refused, how one goes on."""

from __future__ import annotations

import socket
from hashlib import md5, sha256
from urllib.parse import urlsplit

import httpx
import pytest

from tests.fixtures.drive import RunningDrive
from tests.standin.drive.conftest import BLOCK, Owner

CONTENT = sha256(b"content").digest() * (3 * BLOCK // 32) + b"rest"
TOTAL = len(CONTENT)


def test_a_file_comes_in_chunks_and_appears_when_it_is_whole(owner: Owner) -> None:
    address = owner.session(TOTAL, name="film", appProperties={"post": "1"})

    asked = owner.status(address, TOTAL)
    first = owner.chunk(address, CONTENT[:BLOCK], 0, TOTAL)
    before = owner.found("name = 'film'")
    second = owner.chunk(address, CONTENT[BLOCK : 3 * BLOCK], BLOCK, TOTAL)
    last = owner.chunk(address, CONTENT[3 * BLOCK :], 3 * BLOCK, TOTAL)

    assert (asked.status_code, asked.headers.get("Range")) == (308, None)
    assert (first.status_code, first.headers["Range"]) == (308, f"bytes=0-{BLOCK - 1}")
    assert second.headers["Range"] == f"bytes=0-{3 * BLOCK - 1}"
    assert before == []
    assert last.status_code == 200
    assert last.json()["md5Checksum"] == md5(CONTENT, usedforsecurity=False).hexdigest()
    assert set(last.json()) == {"id", "name", "size", "md5Checksum"}
    assert owner.status(address, TOTAL).json() == last.json()
    assert owner.found("name = 'film'") == ["film"]


def test_a_chunk_has_whole_blocks_and_no_gap_before_it(owner: Owner) -> None:
    address = owner.session(TOTAL)

    assert owner.chunk(address, CONTENT[:1_000], 0, TOTAL).status_code == 400
    assert owner.chunk(address, CONTENT[BLOCK : 2 * BLOCK], BLOCK, TOTAL).status_code == 400
    assert owner.chunk(address, CONTENT[:BLOCK], 0, TOTAL).status_code == 308
    assert owner.chunk(address, CONTENT, 0, TOTAL).status_code == 200


@pytest.mark.parametrize("content", [b"", b"1", CONTENT])
def test_a_session_takes_a_file_at_once(owner: Owner, content: bytes) -> None:
    address = owner.session(len(content))

    reply = httpx.put(address, content=content)

    assert reply.json()["md5Checksum"] == md5(content, usedforsecurity=False).hexdigest()


def test_a_length_may_be_unknown_and_post_does_as_well(owner: Owner) -> None:
    address = owner.session(TOTAL)

    def pieces() -> object:
        yield CONTENT[: BLOCK + 5]
        yield CONTENT[BLOCK + 5 :]

    reply = httpx.post(address, content=pieces())  # type: ignore[arg-type]

    assert reply.json()["size"] == str(TOTAL)


def test_a_session_ends_after_a_week_or_when_it_is_dropped(drive: RunningDrive, owner: Owner) -> None:
    old, dropped = owner.session(TOTAL), owner.session(TOTAL)
    drive.plan("drop_session", method="PUT")

    assert owner.status(dropped, TOTAL).status_code == 404
    assert owner.status(old, TOTAL).status_code == 308
    drive.change(clock_offset=7 * 86_400 + 1.0)
    assert owner.status(old, TOTAL).status_code == 404


def test_whole_blocks_of_a_client_that_died_are_kept(owner: Owner) -> None:
    address = owner.session(TOTAL)
    target = urlsplit(address)
    assert target.hostname

    with socket.create_connection((target.hostname, target.port or 80)) as dying:
        head = f"PUT {target.path}?{target.query} HTTP/1.1\r\nHost: x\r\nContent-Length: {TOTAL}\r\n\r\n"
        dying.sendall(head.encode() + CONTENT[: 2 * BLOCK + 9])

    reply = owner.status(address, TOTAL)
    while "Range" not in reply.headers:  # it may not have noticed yet
        reply = owner.status(address, TOTAL)

    assert reply.headers["Range"] in {f"bytes=0-{BLOCK - 1}", f"bytes=0-{2 * BLOCK - 1}"}


def test_deeds_are_done_although_their_answer_is_lost(drive: RunningDrive, owner: Owner) -> None:
    for trouble in ("done_then_fin", "done_then_rst", "done_then_refuse"):
        drive.plan(trouble, method="POST")

    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            owner.create("lost")
    refused = owner.http.post("/drive/v3/files", json={"name": "lost"})

    assert refused.status_code == 503
    assert owner.found("name = 'lost'") == ["lost"] * 3


def test_a_plan_keeps_less_than_was_sent(drive: RunningDrive, owner: Owner) -> None:
    address = owner.session(TOTAL)
    drive.plan("fewer_bytes", method="PUT", options={"bytes": BLOCK + 1})
    drive.plan("read_then_rst", method="PUT", content_range=f"bytes {BLOCK}-*", options={"bytes": BLOCK + 1})

    fewer = owner.chunk(address, CONTENT[: 2 * BLOCK], 0, TOTAL)
    with pytest.raises(httpx.TransportError):
        owner.chunk(address, CONTENT[BLOCK:], BLOCK, TOTAL)
    state = owner.status(address, TOTAL)

    assert fewer.headers["Range"] == f"bytes=0-{BLOCK - 1}"
    assert state.headers["Range"] == f"bytes=0-{2 * BLOCK - 1}"
    assert [one["content_range"] for one in drive.log("PUT")][-1] == f"bytes */{TOTAL}"


def test_refusals_come_with_the_reason_planned(drive: RunningDrive, owner: Owner) -> None:
    drive.plan("refuse", after=1, count=2, options={"reason": "rateLimitExceeded", "retry_after": 3})
    drive.plan("refuse", options={"status": 429, "reason": "rateLimitExceeded"})

    replies = [owner.http.get("/drive/v3/files") for _ in range(4)]

    assert [reply.status_code for reply in replies] == [429, 403, 403, 200]
    assert replies[1].headers["Retry-After"] == "3"
