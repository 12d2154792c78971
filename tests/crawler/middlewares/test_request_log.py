"""The request log tells what happened, and nobody's secret."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.crawler.crawling import Site
from tests.crawler.pools import open_books
from tests.fixtures.standin import RunningStandin

POST = "7106594312292453675"


def logged(site: Site) -> list[dict[str, Any]]:
    files = sorted((site.data_dir / "requests").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


async def test_each_answer_is_told_with_what_it_meant_and_cost(site: Site, standin: RunningStandin) -> None:
    standin.add_fault("captcha", "/@*", count=1)

    crawl = await site.crawl("video", url=POST)

    told = logged(site)
    assert len(told) == crawl.stats["answers"]
    assert datetime.fromisoformat(told[0].pop("at")).tzinfo is not None
    assert told[0].pop("milliseconds") < 60_000
    assert told[0].pop("bytes") > 100
    assert told[0] == {
        "crawl": "video",
        "operation": "video",
        "target": POST,
        "route": "page",
        "attempt": 0,
        "identity": 1,
        "exit": 1,
        "path": f"/@_/video/{POST}",
        "place": None,
        "status": 200,
        "verdict": "captcha",
        "rule": "captcha_page",
        "cost": "cool",
    }


async def test_a_list_tells_each_page_by_its_place(site: Site) -> None:
    await site.crawl("profile", user="new.handle")

    pages = [line for line in logged(site) if line["route"] == "list"]
    assert len({line["place"] for line in pages}) == len(pages) == 2
    assert {line["path"] for line in pages} == {"/api/creator/item_list/"}


async def test_an_answer_that_never_came_is_told_by_its_kind_only(
    site: Site, standin: RunningStandin
) -> None:
    standin.add_fault("reset", "/@*")

    await site.crawl("video", url=POST)

    unanswered = [line for line in logged(site) if line["route"] == "page"]
    assert {(line["rule"], line["status"], line["bytes"]) for line in unanswered} == {("no_answer", 0, 0)}
    assert all(line["error"].isidentifier() for line in unanswered)


async def test_an_answer_nobody_can_read_is_kept(site: Site, standin: RunningStandin) -> None:
    standin.add_fault("drift", "/api/creator/item_list/")

    await site.crawl("profile", user="new.handle")

    (line,) = [line for line in logged(site) if line["verdict"] == "schema_changed"]
    body = gzip.decompress((site.data_dir / "requests" / line["body"]).read_bytes())
    assert b'"itemIdentifier":' in body


async def test_no_secret_of_an_identity_is_in_the_log_or_in_a_kept_body(
    site: Site, standin: RunningStandin
) -> None:
    standin.add_fault("drift")
    with open_books(site.database_url, site.data_dir) as books:
        books.add_account(**standin.login())

    await site.crawl("profile", user="new.handle")
    await site.crawl("video", url=POST)

    written = b"".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in (site.data_dir / "requests").rglob("*.*")
    )
    assert b"itemIdentifier" in written
    for secret in secrets_of(site):
        assert secret.encode() not in written


def secrets_of(site: Site) -> list[str]:
    now = datetime.now(UTC)
    with open_books(site.database_url, site.data_dir) as books:
        ids = [status.id for status in books.identities.list_identities(now)]
        identities = [books.identities.get(identity_id, now) for identity_id in ids]
    cookies = [cookie.value for identity in identities for cookie in identity.cookies]
    devices = [identity.device.device_id for identity in identities]
    assert len(cookies) > 10
    return [secret for secret in [*cookies, *devices] if len(secret) >= 8]


async def test_it_can_be_switched_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUEST_LOG_MB", "0")

    await site.crawl("video", url=POST)

    assert not (site.data_dir / "requests").exists()
