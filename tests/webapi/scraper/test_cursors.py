"""Cursors: lists walked page by page to their end, and what is no cursor of a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from store.queries.users import SORTS as USER_SORTS
from store.queries.videos import SORTS
from store.upserts import write
from tests.store.factories import make_user, make_video
from tests.webapi.conftest import MakeTenant, Tenant
from tests.webapi.scraper.contract import MAYA
from tests.webapi.serving import Api, serving

COUNT = 7
ORDERS = ("asc", "desc")
LISTS: dict[str, list[dict[str, str]]] = {
    "/api/videos": [{"sort": sort, "order": order} for sort in SORTS for order in ORDERS],
    "/api/users": [{"sort": sort, "order": order} for sort in USER_SORTS for order in ORDERS],
    "/api/jobs": [{}, {"status": "pending"}],
}


@pytest.fixture
def api(app: Flask, engine: Engine, tenant: Tenant) -> Iterator[Api]:
    posts = [make_video(id=str(7400000000000000001 + n), views=n // 2 or None) for n in range(COUNT)]
    write(
        engine,
        [*posts, *(make_user(id=str(100 + n), username=f"u{n}", followers=n // 2) for n in range(COUNT))],
    )
    with serving(app) as port:
        api = Api(port, tenant.key)
        for _ in range(COUNT):
            api.post("/api/jobs", {"url": MAYA})
        yield api


def walk(api: Api, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    document = api.get(path, query).document
    while True:
        yield document
        if not document["has_more"]:
            return
        document = api.get(path, query | {"cursor": document["next_cursor"]}).document


@pytest.mark.parametrize("path", list(LISTS))
def test_a_list_is_walked_to_its_end_each_thing_once(path: str, api: Api) -> None:
    name = path.rpartition("/")[2]
    for query in LISTS[path]:
        whole = [row["id"] for row in api.get(path, query).document[name]]

        found = list(walk(api, path, query | {"limit": 3}))

        assert [row["id"] for page in found for row in page[name]] == whole
        assert [(page["offset"], page["total"]) for page in found] == [(0, COUNT), (3, COUNT), (6, COUNT)]
        assert found[-1]["next_cursor"] is None


def test_what_is_no_cursor_of_this_list_is_refused_and_named(api: Api, make_tenant: MakeTenant) -> None:
    query = {"sort": "views", "limit": 2}
    cursor = api.get("/api/videos", query).document["next_cursor"]
    wrong: list[tuple[str, dict[str, Any]]] = [
        *(("/api/videos", query | {"cursor": text}) for text in ("x", "é", "%", "A" * 40, cursor[:-2], cursor[1:])),
        ("/api/videos", query | {"cursor": ""}),
        ("/api/videos", query | {"cursor": "A" * 2000}),
        ("/api/videos", query | {"cursor": cursor, "offset": 2}),
        ("/api/videos", {"sort": "likes", "cursor": cursor}),
        ("/api/videos", query | {"order": "asc", "cursor": cursor}),
        ("/api/videos", query | {"min_views": 1, "cursor": cursor}),
        ("/api/users", {"cursor": cursor}),
        ("/api/jobs", {"cursor": cursor}),
    ]  # fmt: skip

    for path, asked in wrong:
        answer = api.get(path, asked)
        assert (answer.status, answer.code) == (400, "INVALID_REQUEST"), asked
        error = answer.document["error"]
        assert "cursor" in error["message"] + error.get("details", ""), asked

    assert api.get("/api/videos", query | {"limit": 5, "cursor": cursor}).status == 200
    other = Api(api.port, make_tenant("other").key)
    assert other.get("/api/videos", query | {"cursor": cursor}).status == 400
