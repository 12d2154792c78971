"""Jobs watched while they go on: by WebSocket and by server-sent events, through real connections."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson
import pytest
from flask import Flask
from sqlalchemy import Engine, event
from websocket import WebSocket, WebSocketBadStatusException, create_connection

from store.clients.book import revoke_api_key
from store.config import Config
from store.media.statuses import Status
from tests.webapi.archive import world
from tests.webapi.archive.contract import GOOD_JOB, NOBODYS, VIDEO_ID
from tests.webapi.conftest import MakeTenant, Tenant
from tests.webapi.serving import Api, serving
from webapi import create_app

SOON_SECONDS = 20
"""How long a test waits for what should come within one: machines that run tests are busy."""


@dataclass(frozen=True, slots=True)
class Event:
    """What came as a server-sent event."""

    name: str
    id: str
    document: dict[str, Any]


@pytest.fixture
def new_job(api: Api) -> dict[str, Any]:
    made: dict[str, Any] = api.post("/api/v1/jobs", GOOD_JOB).document
    return made


Connect = Callable[..., WebSocket]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Open WebSockets."""
    with ExitStack() as opened:

        def open_one(api: Api, job_id: str, query: str = "", **options: Any) -> WebSocket:
            url = f"ws://127.0.0.1:{api.port}/ws/jobs/{job_id}{query}"
            wanted: dict[str, Any] = {"header": dict(api.headers), "suppress_origin": True} | options
            connection = create_connection(url, timeout=SOON_SECONDS, **wanted)
            opened.callback(connection.shutdown)  # closing does nothing where the other side began with it
            opened.callback(connection.close, timeout=1)
            return connection

        yield open_one


def heard(connection: WebSocket) -> list[dict[str, Any]]:
    """All that comes until the end."""
    documents = []
    while text := connection.recv():
        documents.append(orjson.loads(text))
    return documents


def farewell(connection: WebSocket) -> int:
    """The code with which it is closed."""
    while True:
        opcode, data = connection.recv_data()
        if opcode == 8:
            return int.from_bytes(data[:2])


@contextmanager
def listening(api: Api, job_id: str, query: str = "", **headers: str) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=SOON_SECONDS)
    try:
        path = f"/api/v1/jobs/{job_id}/events{query}"
        connection.request("GET", path, headers=api.headers | headers)
        with connection.getresponse() as response:
            yield response
    finally:
        connection.close()


def events(response: http.client.HTTPResponse) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in response:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif "data" in fields:
            yield Event(fields.get("event", ""), fields.get("id", ""), orjson.loads(fields["data"]))
            fields = {}


def test_a_websocket_tells_every_state_and_closes_when_the_job_has_ended(
    api: Api, engine: Engine, new_job: dict[str, Any], connect: Connect
) -> None:
    connection = connect(api, new_job["id"])
    first = orjson.loads(connection.recv())

    shard = world.begin(engine, declared=10, found=1)
    world.find_posts(engine, new_job["number"], VIDEO_ID)
    world.archive(engine, new_job["number"], VIDEO_ID, Status.DOWNLOADED)
    while (state := orjson.loads(connection.recv()))["successful_downloads"] == 0:
        pass
    world.end(engine, shard)
    last = heard(connection)[-1]

    assert first == new_job
    assert (state["status"], state["progress"]) == ("running", 10)
    assert (last["status"], last["progress"]) == ("completed", 100)
    assert last == api.get(f"/api/v1/jobs/{new_job['id']}").document["job"]


def test_a_change_is_told_soon_whichever_process_made_it(
    api: Api, engine: Engine, new_job: dict[str, Any], connect: Connect
) -> None:
    connection = connect(api, new_job["id"])
    connection.recv()

    world.begin(engine)
    changed = time.monotonic()
    connection.recv()

    assert time.monotonic() - changed < 5


def test_events_have_ids_and_end_with_the_job(api: Api, new_job: dict[str, Any]) -> None:
    with listening(api, new_job["id"]) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        stream = events(response)
        first = next(stream)
        api.post(f"/api/v1/jobs/{new_job['id']}/cancel", None)
        *others, last, end = stream

    assert first.document == new_job
    assert first.id != last.id
    assert (last.document["status"], others) == ("cancelled", [])
    assert (end.name, end.document) == ("end", {"reason": "finished"})
    assert response.read() == b""


def test_who_comes_back_hears_only_what_is_new(api: Api, new_job: dict[str, Any]) -> None:
    with listening(api, new_job["id"]) as response:
        known = next(events(response)).id

    with listening(api, new_job["id"], **{"Last-Event-ID": known}) as response:
        api.post(f"/api/v1/jobs/{new_job['id']}/cancel", None)
        first, _ = events(response)
    with listening(api, new_job["id"], **{"Last-Event-ID": first.id}) as response:
        over = response.status
    with listening(api, new_job["id"], **{"Last-Event-ID": known}) as response:
        again, _ = events(response)

    assert first.document["status"] == "cancelled"
    assert over == 204, "tells a browser not to come back"
    assert again == first


def test_a_browser_shows_its_token_as_a_subprotocol_or_as_a_parameter(
    api: Api, tenant: Tenant, new_job: dict[str, Any], caplog: pytest.LogCaptureFixture, connect: Connect
) -> None:
    caplog.set_level("INFO", "webapi.requests")
    body = {"api_key": tenant.made.api_key}
    token = api.post("/api/v1/auth/token", body).document["access_token"]
    bare = replace(api, headers={})

    by_protocol = connect(bare, new_job["id"], subprotocols=["bearer", token])
    by_query = connect(bare, new_job["id"], f"?access_token={token}")
    with listening(bare, new_job["id"], f"?access_token={token}") as response:
        event = next(events(response))

    assert by_protocol.subprotocol == "bearer"
    assert orjson.loads(by_protocol.recv()) == orjson.loads(by_query.recv()) == event.document == new_job
    lines = [str(vars(record)) for record in caplog.records if record.name == "webapi.requests"]
    assert any(f"/ws/jobs/{new_job['id']}" in line for line in lines)
    assert not any(token in line for line in lines)


def test_no_other_endpoint_takes_a_token_there(
    api: Api, tenant: Tenant, new_job: dict[str, Any], connect: Connect
) -> None:
    token = api.post("/api/v1/auth/token", {"api_key": tenant.made.api_key}).document["access_token"]
    bare = replace(api, headers={})

    assert bare.get(f"/api/v1/jobs/{new_job['id']}", {"access_token": token}).status == 401
    shown = bare.ask("GET", "/api/v1/jobs", headers={"Sec-WebSocket-Protocol": f"bearer, {token}"})
    assert shown.status == 401
    with pytest.raises(WebSocketBadStatusException) as refused:
        connect(bare, new_job["id"])
    assert refused.value.status_code == 401
    for query in ("", "?access_token=wrong", f"?access_token={tenant.made.api_key}"):
        with listening(bare, new_job["id"], query) as response:
            assert (response.status, list(orjson.loads(response.read()))) == (401, ["detail"])


def test_another_client_s_job_is_no_job(
    api: Api, new_job: dict[str, Any], make_tenant: MakeTenant, connect: Connect
) -> None:
    other = replace(api, headers=make_tenant("other").key)

    for job_id in (new_job["id"], NOBODYS):
        with listening(other, job_id) as response:
            assert response.status == 404
        with pytest.raises(WebSocketBadStatusException) as refused:
            connect(other, job_id)
        assert refused.value.status_code == 404


def test_scripts_of_other_sites_open_no_websocket(
    api: Api, config: Config, new_job: dict[str, Any], connect: Connect
) -> None:
    here = f"http://127.0.0.1:{api.port}"
    connect(api, new_job["id"], origin=here, suppress_origin=False).close()
    with pytest.raises(WebSocketBadStatusException) as refused:
        connect(api, new_job["id"], origin="https://evil.example", suppress_origin=False)
    assert refused.value.status_code == 403

    with serving(create_app(replace(config, cors_origins=("https://good.example",)))) as port:
        opened = connect(
            replace(api, port=port), new_job["id"], origin="https://good.example", suppress_origin=False
        )
        assert orjson.loads(opened.recv()) == new_job
        with listening(replace(api, port=port), new_job["id"], Origin="https://good.example") as response:
            assert response.headers["Access-Control-Allow-Origin"] == "https://good.example"


def test_what_is_no_websocket_is_told_so(api: Api, new_job: dict[str, Any]) -> None:
    answer = api.get(f"/ws/jobs/{new_job['id']}")

    assert (answer.status, list(answer.document)) == (400, ["detail"])


def test_a_question_for_the_head_alone_opens_no_stream(api: Api, new_job: dict[str, Any]) -> None:
    answer = api.ask("HEAD", f"/api/v1/jobs/{new_job['id']}/events")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Content-Type"].startswith("text/event-stream")


def test_who_hangs_up_at_once_keeps_no_place(config: Config, tenant: Tenant) -> None:
    with serving(create_app(replace(config, api_streams=5))) as port:
        api = Api(port, tenant.key)
        job = api.post("/api/v1/jobs", GOOD_JOB).document["id"]
        request = (
            f"GET /api/v1/jobs/{job}/events HTTP/1.1\r\nHost: x\r\nX-API-Key: {tenant.made.api_key}\r\n\r\n"
        )
        for _ in range(10):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(request.encode())

        deadline = time.monotonic() + SOON_SECONDS
        while time.monotonic() < deadline:
            with listening(api, job) as response:
                if response.status == 200:
                    return
            time.sleep(0.1)
        pytest.fail("places are taken by those who are gone")


def test_a_client_has_so_many_streams_and_no_more(
    config: Config, tenant: Tenant, make_tenant: MakeTenant, connect: Connect
) -> None:
    with serving(create_app(replace(config, api_streams=3, api_streams_per_client=2))) as port:
        api, other = Api(port, tenant.key), Api(port, make_tenant("other").key)
        mine, theirs = (each.post("/api/v1/jobs", GOOD_JOB).document["id"] for each in (api, other))

        first, _ = connect(api, mine), connect(api, mine)
        with listening(api, mine) as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "5")
        _third = connect(other, theirs)
        with listening(other, theirs) as response:
            assert response.status == 429
        first.close()

        deadline = time.monotonic() + SOON_SECONDS
        while time.monotonic() < deadline:
            with listening(api, mine) as response:
                if response.status == 200:
                    return
            time.sleep(0.1)
        pytest.fail("the place of a stream that was closed is not given to the next")


def test_a_stream_ends_when_its_credentials_do_or_its_job_is_deleted(
    api: Api, engine: Engine, tenant: Tenant, new_job: dict[str, Any], connect: Connect
) -> None:
    gone = api.post("/api/v1/jobs", GOOD_JOB).document["id"]
    deleted = connect(api, gone)
    revoked = connect(api, new_job["id"])

    with listening(api, gone) as response:
        stream = events(response)
        next(stream)
        api.ask("DELETE", f"/api/v1/jobs/{gone}")
        assert farewell(deleted) == 1000
        assert next(stream).document == {"reason": "deleted"}
    token = api.post("/api/v1/auth/token", {"api_key": tenant.made.api_key}).document["access_token"]
    by_token = connect(replace(api, headers={"Authorization": f"Bearer {token}"}), new_job["id"])
    api.ask("POST", "/api/v1/auth/revoke", headers={"Authorization": f"Bearer {token}", "X-API-Key": ""})
    assert farewell(by_token) == 1008
    revoke_api_key(engine, tenant.made.api_key.rpartition("_")[0], world.now())
    assert farewell(revoked) == 1008


def test_many_who_watch_cost_the_database_as_much_as_one(
    app: Flask, api: Api, new_job: dict[str, Any], connect: Connect
) -> None:
    selects: list[str] = []
    engine = app.extensions["crawler"].engine
    event.listen(engine, "before_cursor_execute", lambda *given: selects.append(given[2]))
    hub_look = "FROM media_requests"

    def looks(seconds: float) -> int:
        selects.clear()
        time.sleep(seconds)
        return sum(hub_look in one for one in selects)

    connect(api, new_job["id"])
    alone = looks(2)
    for _ in range(30):
        connect(api, new_job["id"])
    together = looks(2)

    assert alone >= 1
    assert together <= 2 * alone + 2
