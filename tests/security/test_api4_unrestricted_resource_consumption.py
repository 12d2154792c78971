"""API4: what a client sends, and how much it asks for, is bounded everywhere."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.security.belongings import BODIES
from tests.webapi.conftest import Tenant
from tests.webapi.processes import running_api
from tests.webapi.serving import Api
from webapi.request_threads import GRACE_SECONDS

REFUSED = {400, 413, 422}
LONG = "a" * 100_000


def parameters(document: dict[str, Any], where: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Address, name and schema of every query parameter that has a bound of this kind."""
    for path, methods in document["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", ()):
            schema = parameter.get("schema", {})
            if parameter.get("in") == "query" and where in schema:
                yield path, parameter["name"], schema


@pytest.mark.parametrize("where", [path for path in BODIES if path != "/api/tiktok/profiles"])
def test_a_body_of_more_than_a_megabyte_is_refused(where: str, http: FlaskClient, attacker: Tenant) -> None:
    body = orjson.dumps(BODIES[where] | {"more": "x" * 1_100_000})

    answer = http.post(where, data=body, content_type="application/json", headers=attacker.key)

    assert answer.status_code == 413


def test_a_long_list_is_refused_by_its_length_before_it_is_read(http: FlaskClient, attacker: Tenant) -> None:
    body = BODIES["/api/tiktok/profiles"] | {"usernames": ["a" * 24] * 3_000_000}

    answer = http.post(
        "/api/tiktok/profiles", data=orjson.dumps(body), content_type="application/json", headers=attacker.key
    )

    assert answer.status_code in REFUSED


@pytest.mark.parametrize("where", list(BODIES))
@pytest.mark.parametrize(
    "shape", ["lists", "objects", "many fields", "a long field", "a long name", "a big number"]
)
def test_a_body_that_costs_more_than_it_says_is_refused_in_few_words(
    where: str, shape: str, http: FlaskClient, attacker: Tenant
) -> None:
    good = orjson.dumps(BODIES[where])[:-1]
    body = {
        "lists": good + b', "x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        "objects": good + b', "x": ' + b'{"x":' * 50_000 + b"1" + b"}" * 50_000 + b"}",
        "many fields": good + b"".join(b', "f%d": 1' % number for number in range(40_000)) + b"}",
        "a long field": good + b', "x": "' + LONG.encode() + b'"}',
        "a long name": good + b', "' + LONG.encode() + b'": 1}',
        "a big number": good + b', "x": ' + b"9" * 100_000 + b"}",
    }[shape]

    answer = http.post(where, data=body, content_type="application/json", headers=attacker.key)

    assert answer.status_code in REFUSED
    assert len(answer.data) < 10_000, "what is wrong with a body is not as long as the body"


def test_what_is_packed_is_not_unpacked(http: FlaskClient, attacker: Tenant) -> None:
    bomb = gzip.compress(b'{"url": "' + b" " * 50_000_000 + b'"}')

    answer = http.post(
        "/api/jobs",
        data=bomb,
        content_type="application/json",
        headers=attacker.key | {"Content-Encoding": "gzip"},
    )

    assert answer.status_code in REFUSED


def test_every_number_of_every_list_has_an_upper_bound_that_holds(
    document: dict[str, Any], http: FlaskClient, admin: Tenant
) -> None:
    bounded = list(parameters(document, "maximum"))
    unbounded = [
        (path, name)
        for path, name, schema in parameters(document, "type")
        if schema["type"] == "integer" and "maximum" not in schema
    ]

    assert unbounded == []
    assert {name for _, name, _ in bounded} >= {"limit", "offset"}
    for path, name, schema in bounded:
        for value in (schema["maximum"] + 1, 10**30, -(10**30), "9" * 3_000, "1e999", "NaN", "0x10"):
            address = path.replace("{", "").replace("}", "")
            answer = http.get(address, query_string={name: str(value)}, headers=admin.key)
            assert answer.status_code in {400, 404, 422}, (path, name, value, answer.text)


def test_the_deepest_page_that_can_be_asked_for_is_answered(
    document: dict[str, Any], http: FlaskClient, admin: Tenant
) -> None:
    for path, name, schema in parameters(document, "maximum"):
        # What asks TikTok has no deep pages.
        if "{" not in path and "503" not in document["paths"][path]["get"]["responses"]:
            answer = http.get(path, query_string={name: schema["maximum"]}, headers=admin.key)
            assert answer.status_code == 200, (path, name, answer.text)


def test_every_text_of_every_query_has_a_length_that_holds(
    document: dict[str, Any], http: FlaskClient, admin: Tenant
) -> None:
    for path, name, _ in parameters(document, "type"):
        address = path.replace("{", "").replace("}", "")
        answer = http.get(address, query_string={name: LONG[:3_500]}, headers=admin.key)
        assert answer.status_code in {400, 404, 422}, (path, name)
        assert len(answer.data) < 10_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API as it is served, with four threads in all."""
    folder: Path = tmp_path_factory.mktemp("served")
    with running_api(folder, api_workers=1, api_threads=4, rate_limits=False) as api:
        yield api


def connect(api: Api) -> socket.socket:
    return socket.create_connection(("127.0.0.1", api.port), timeout=GRACE_SECONDS * 3)


HALF_A_BODY = b"Host: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
HEADS = {
    "no request": b"",
    "half a line": b"GET /health",
    "half the headers": b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: ",
    "half a body": b"POST /api/v1/auth/token HTTP/1.1\r\n" + HALF_A_BODY,
}


@pytest.mark.parametrize("kind", list(HEADS))
def test_those_who_send_slowly_do_not_keep_the_others_waiting(kind: str, served: Api) -> None:
    """Twice as many as there are threads, each with a byte now and then."""
    slow = [connect(served) for _ in range(8)]
    for one in slow:
        one.sendall(HEADS[kind])
    begun = time.monotonic()

    def trickle(one: socket.socket) -> None:
        try:
            while HEADS[kind] and time.monotonic() - begun < GRACE_SECONDS * 2:
                one.sendall(b"a")
                time.sleep(1)
        except OSError:
            pass  # it was hung up on

    with ThreadPoolExecutor(8) as threads:
        for one in slow:
            threads.submit(trickle, one)
        time.sleep(0.5)
        with closing(connect(served)) as honest:
            honest.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = honest.recv(100)
        waited = time.monotonic() - begun
        for one in slow:
            one.close()

    assert b" 200 " in answer
    assert waited < GRACE_SECONDS * 2.5


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 9_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n", 431),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX A: 1\r\n\r\n", 400),
    ],
    ids=["a long line", "a long header", "many headers", "nonsense", "two lengths", "a header that is none"],
)  # fmt: skip
def test_what_is_no_request_is_refused_in_json(served: Api, head: bytes, status: int) -> None:
    with closing(connect(served)) as sender:
        sender.sendall(head)
        received = b""
        while chunk := sender.recv(4096):
            received += chunk
    answer, _, body = received.partition(b"\r\n\r\n")

    assert int(answer.split()[1]) == status
    assert b"application/json" in answer
    assert orjson.loads(body)["error"]["message"]
    assert b"Traceback" not in body


@pytest.mark.parametrize("length", [5_000, 8_192, 20_000, 60_000])
def test_a_line_that_is_too_long_is_refused_in_the_words_of_its_family(served: Api, length: int) -> None:
    answer = served.get(f"/api/v1/user/{'a' * length}/info")

    assert (answer.status, answer.document["status_code"]) == (414, 414)


def test_so_is_one_that_is_too_long_for_its_query(served: Api) -> None:
    answer = served.get(f"/api/v1/jobs?value={'a' * 9_000}")

    assert (answer.status, list(answer.document)) == (414, ["detail"])


@pytest.mark.parametrize("length", [5_000, 20_000])
def test_so_is_one_that_came_together_with_the_request_before(served: Api, length: int) -> None:
    """What is read before it then is the end of the other's body."""
    line = f"GET /api/v1/user/{'a' * length}/info HTTP/1.1\r\nHost: here\r\n\r\n"
    with closing(connect(served)) as sender:
        sender.sendall(
            b"POST /nowhere HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhello" + line.encode()
        )
        received = b""
        while chunk := sender.recv(4096):
            received += chunk

    assert orjson.loads(received.rpartition(b"\r\n\r\n")[2])["status_code"] == 414


def test_no_endpoint_answers_a_list_without_a_bound(app: Flask, document: dict[str, Any]) -> None:
    lists = {
        path
        for path, methods in document["paths"].items()
        for parameter in methods.get("get", {}).get("parameters", ())
        if parameter["name"] == "offset"
    }

    assert lists, "there are lists"
    for path in lists:
        names = {one["name"] for one in document["paths"][path]["get"]["parameters"]}
        assert "limit" in names, path
    assert app.config["MAX_CONTENT_LENGTH"] == 1_000_000
