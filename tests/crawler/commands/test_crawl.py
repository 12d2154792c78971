from __future__ import annotations

import csv
import json
import sqlite3
from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings

from crawler.commands.crawl import BAD_INPUT, Command
from crawler.exporters import csv_columns
from tests.crawler.command import Finished, environment, scrapy
from tests.fixtures.standin import RunningStandin

NOBODY = "http://127.0.0.1:1"
"""A site that isn't there: bad input must be told before anything is asked."""


@pytest.fixture
def refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Finished]:
    """Run the command in this process; it must end before anything starts."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", "")

    def run(spider: str, *, wished: Mapping[str, Any] = MappingProxyType({}), **arguments: str) -> Finished:
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        database = f"sqlite:///{tmp_path / 'data' / 'tiktok.db'}"
        wishes = {"TIKTOK_BASE_URL": NOBODY, "DATABASE_URL": database, **wished}
        settings.update(wishes, priority="cmdline")
        command = Command()
        command.settings = settings
        # A process would install its reactor here, for good; a runner knows the spiders as well.
        command.crawler_process = AsyncCrawlerRunner(settings)  # type: ignore[assignment]  # nothing is run
        with pytest.raises(SystemExit) as ended:
            command.run([spider], Namespace(spargs=arguments))
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Finished(ended.value.code, printed.out, printed.err)

    return run


@pytest.mark.parametrize(
    ("spider", "arguments", "said"),
    [
        ("profile", {}, "user: is missing; add -a user=… "),
        ("profile", {"user": "bad name!"}, "user: 'bad name!' is not a username; give 2-24 letters"),
        ("profile", {"user": "ends.in.dot."}, "user: 'ends.in.dot.' is not a username; give "),
        ("profile", {"user": "good,b@d"}, "user: 'b@d' is not a username; give "),
        ("profile", {"user": "https://example.org/@somebody"}, "is not an address of tiktok.com; give "),
        (
            "profile",
            {"user": "https://www.tiktok.com/tag/funny"},
            "is an address of the kind hashtag, not user; ",
        ),
        ("profile", {"usr": "somebody"}, "usr: spider profile has no such argument; did you mean user?"),
        (
            "profile",
            {"user": "somebody", "since": "tomorrow"},
            "since: 'tomorrow' is not an ISO 8601 date; write ",
        ),
        ("profile", {"user": "somebody", "limit": "-3"}, "limit: '-3' is not a whole number from 1; write "),
        (
            "profile",
            {"user": "somebody", "since": "2026-02-01", "until": "2026-01-01"},
            "until: 2026-01-01 is not after since; swap them",
        ),
        ("video", {"url": "123"}, "url: '123' holds no post's id; give the URL of a post"),
        (
            "video",
            {"url": "9999999999999999999"},
            "can't be a post: its id says it was uploaded on 2043-10-12; ",
        ),
        (
            "video",
            {"url": "https://evil.example/@a/video/7106594312292453675"},
            "is not an address of tiktok.com; ",
        ),
        ("hashtag", {"tag": "two words"}, "tag: 'two words' is not a hashtag; give one word"),
        ("sound", {"id": "no-number"}, "id: 'no-number' holds no sound's number; give "),
        (
            "search",
            {"q": "cats", "kind": "sounds"},
            "kind: 'sounds' is not known; write one of videos, users",
        ),
        (
            "comments",
            {"video": "7106594312292453675", "replies": "some"},
            "replies: 'some' is neither 1 nor 0; ",
        ),
        ("trending", {"limit": "many"}, "limit: 'many' is not a whole number from 1; write "),
        ("trending", {"user": "x"}, "user: spider trending has no such argument; it takes limit"),
        ("profil", {}, "no spider is called 'profil'; scrapy list shows all"),
    ],
)
def test_bad_input_is_told_in_one_line_before_anything_starts(
    refuse: Callable[..., Finished], tmp_path: Path, spider: str, arguments: dict[str, str], said: str
) -> None:
    ended = refuse(spider, **arguments)

    assert ended.exit_code == BAD_INPUT == 2
    assert ended.output == ""
    (line,) = ended.complaints.splitlines()
    assert line.startswith("scrapy crawl: ")
    assert said in line
    assert not (tmp_path / "data" / "tiktok.db").exists()


def test_a_limit_that_could_stop_a_crawl_for_good_is_refused(refuse: Callable[..., Finished]) -> None:
    ended = refuse("profile", user="somebody", wished={"CONCURRENT_REQUESTS": 16})

    assert ended.exit_code == BAD_INPUT
    (line,) = ended.complaints.splitlines()
    assert line.startswith("scrapy crawl: CONCURRENT_REQUESTS: a small figure can stop a crawl for good; ")


def test_a_shell_reaches_the_site(standin: RunningStandin, tmp_path: Path) -> None:
    code = "response.status, response.css('title::text').get()"

    ended = scrapy(
        ["shell", "--nolog", "-c", code, f"{standin.url}/@new.handle"], environment(tmp_path, standin.url)
    )

    assert ended.output.strip() == "(200, '@new.handle | TikTok')"


def a_file(path: Path) -> Path:
    path.write_text("in the way")
    return path


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"DATABASE_URL": "mysql+pymysql://root:hunter2@127.0.0.1:1/x"},
            "can't be reached: Can't connect to MySQL server",
        ),
        ({"DATA_DIR": "{file}/data"}, "DATA_DIR: can't write to {file}/data (Not a directory); point it at "),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL: 'LOUD' is not a level; use DEBUG, INFO"),
    ],
    ids=["database", "directory", "setting"],
)
def test_a_place_that_can_not_be_used_is_told_in_one_line(
    tmp_path: Path, variables: dict[str, str], said: str
) -> None:
    file = a_file(tmp_path / "file")
    given = {name: value.format(file=file) for name, value in variables.items()}

    ended = scrapy(
        ["crawl", "profile", "-a", "user=somebody"], environment(tmp_path / "data", NOBODY, **given)
    )

    lines = [line for line in ended.complaints.splitlines() if "Scrapy 2." not in line]
    assert ended.exit_code in (1, BAD_INPUT)
    assert len(lines) == 1
    assert said.format(file=file) in lines[0]
    assert "Traceback" not in ended.complaints
    assert "hunter2" not in ended.complaints


def test_a_crawl_fills_a_fresh_database_and_its_feeds_and_sums_up(
    standin: RunningStandin, tmp_path: Path
) -> None:
    table, records = tmp_path / "out.csv", tmp_path / "out.jsonl"
    data = tmp_path / "data"

    ended = scrapy(
        ["crawl", "profile", "-a", "user=texts.of.all", "-O", str(table), "-O", str(records)],
        environment(data, standin.url),
    )

    assert (ended.exit_code, ended.output) == (0, "")
    assert "Traceback" not in ended.complaints
    assert "\x1b" not in ended.complaints
    rows = read_csv(table)
    full = [json.loads(line) for line in records.read_text().split("\n") if line]
    assert list(rows[0]) == list(csv_columns())
    assert [row["type"] for row in rows] == [record["type"] for record in full] == ["user", *["video"] * 40]
    assert [row["id"] for row in rows] == [record["id"] for record in full]
    assert full[1]["renditions"] or full[1]["images"]
    with closing(sqlite3.connect(data / "tiktok.db")) as database:
        stored = dict(database.execute("SELECT id, description FROM videos").fetchall())
        listed = database.execute("SELECT state, found, declared FROM listings").fetchall()
    assert stored == {int(record["id"]): record["description"] for record in full[1:]}
    assert listed == [("complete", 40, 40)]
    told = [" ".join(line.split()) for line in ended.complaints.splitlines()]
    assert {"video 40 40 0 0", "route list: 3 ok", "texts.of.all ok complete found 40 of 40"} <= set(told)
    assert told[-1].startswith("profile: done in ")


def read_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_exit_code_tells_a_refused_crawl(standin: RunningStandin, tmp_path: Path) -> None:
    standin.add_fault("captcha")

    ended = scrapy(
        ["crawl", "video", "-a", "url=7106594312292453675"],
        environment(tmp_path, standin.url, LOG_LEVEL="WARNING"),
    )

    assert ended.exit_code == 3
    assert "captcha" in ended.complaints
    assert "incomplete; start it again to go on" in ended.complaints
    assert "Traceback" not in ended.complaints
