"""No cookie value of an identity is in a log, a database or an export, whatever the crawl runs into."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from crawler.secrecy import without_tokens
from tests.crawler.command import environment, scrapy, start_scrapy
from tests.fixtures.standin import RunningStandin


def in_four_formats(logins: list[dict[str, str]]) -> list[str]:
    """Write each jar in another of the formats that are understood."""
    editor, netscape, header, storage = logins
    future = int(time.time()) + 8_000_000
    domain = ".tiktok.com"
    rows = [{"name": k, "value": v, "domain": domain, "expirationDate": future} for k, v in editor.items()]
    lines = [f"{domain}\tTRUE\t/\tTRUE\t{future}\t{name}\t{value}" for name, value in netscape.items()]
    kept = [
        {"name": k, "value": v, "domain": domain, "path": "/", "expires": future} for k, v in storage.items()
    ]
    return [
        json.dumps(rows),
        "\n".join(["# Netscape HTTP Cookie File", *lines]),
        "; ".join(f"{name}={value}" for name, value in header.items()),
        json.dumps({"cookies": kept, "origins": []}),
    ]


def test_no_cookie_is_told_anywhere_and_a_new_key_stops_no_crawl(
    standin: RunningStandin, tmp_path: Path
) -> None:
    variables = environment(tmp_path / "state", standin.url, LOG_LEVEL="DEBUG", ROUTES_OFF="session,browser")
    logins = [standin.login(number) for number in range(1, 5)]
    said = ""
    for number, paste in enumerate(in_four_formats(logins)):
        file = tmp_path / f"account{number}"
        file.write_text(paste)
        imported = scrapy(["identity", "import", str(file)], variables)
        assert imported.exit_code == 0, imported.complaints
        said += imported.output + imported.complaints
    standin.add_fault("delay", "/api/comment/*", count=1, options={"seconds": 4})
    standin.add_fault("delay", "/api/creator/*", options={"seconds": 0.2})
    export, log = tmp_path / "rows.jsonl", tmp_path / "crawl.log"

    crawl = start_scrapy(
        [*["crawl", "profile", "-a", "user=two.hundred,five.thousand", "-a", "limit=300", "-O"], str(export),
         "--logfile", str(log)],
        variables,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while standin.log()["counts"].get("/api/creator/item_list/", 0) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    rotated = scrapy(["identity", "rotate-key", "--forget-old"], variables)
    assert crawl.wait(timeout=100) == 0
    late = scrapy(
        [
            "crawl",
            "comments",
            "-a",
            f"video={posts(export)[0]}",
            "-a",
            "limit=20",
            "-s",
            "DOWNLOAD_TIMEOUT=2",
        ],
        variables,
    )
    doctor = scrapy(["doctor", "--offline", "--json"], variables)

    assert rotated.exit_code == 0, rotated.complaints
    assert len(posts(export)) == 500
    assert any(request["session"] for request in standin.log()["requests"])
    told = [said, rotated.output, rotated.complaints, late.output, late.complaints, doctor.output]
    told += [log.read_text(), export.read_text(), dump(tmp_path / "state" / "tiktok.db")]
    told += [file.read_text() for file in (tmp_path / "state").rglob("*.jsonl")]
    secret = {value for jar in logins for value in jar.values() if len(value) > 12}
    secret |= {request["ms_token"] for request in standin.log()["requests"] if request["ms_token"]}
    assert len(secret) > 8
    assert not [value for value in secret if any(value in text for text in told)]


def posts(export: Path) -> list[str]:
    rows = [json.loads(line) for line in export.read_text().splitlines()]
    return [row["id"] for row in rows if row["type"] == "video"]


def dump(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return "\n".join(database.iterdump())


@pytest.mark.parametrize("after", ["", "&cursor=0", "> (referer: None)", "' took longer"])
def test_an_address_is_told_without_its_token(after: str) -> None:
    assert without_tokens(f"GET /api/?a=1&msToken=s3cret-=_{after}") == f"GET /api/?a=1&msToken=…{after}"
