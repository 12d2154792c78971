"""`scrapy doctor` as an operator uses it: against the stand-in, and where nothing can be reached."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pytest

from crawler.doctor.findings import Finding, Health, State, health_of
from crawler.doctor.report import unserved
from tests.crawler.command import SCRAPY, Finished, environment, scrapy
from tests.fixtures.drive import RunningDrive
from tests.fixtures.pace import RedisServer
from tests.fixtures.standin import RunningStandin
from tests.house.paths import ROOT
from tiktok.routes import LADDERS

NOWHERE = "127.0.0.1:9"
"""A port where nobody listens."""
SECRET = "S3cretValue"
EVERY_ROUTE = {f"{operation} by {route}" for operation, ladder in LADDERS.items() for route in ladder}


def doctor(data_dir: Path, site: str, *options: str, **variables: str) -> Finished:
    ours = {"BROWSER_PATH": "none", "LOG_LEVEL": "DEBUG", **variables}
    return scrapy(["doctor", *options], environment(data_dir, site, **ours))


def findings(done: Finished) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in json.loads(done.output)["findings"]}


def states(done: Finished) -> dict[str, str]:
    return {name: one["state"] for name, one in findings(done).items()}


def import_account(standin: RunningStandin, data_dir: Path, days: int) -> dict[str, str]:
    cookies = standin.login(days=days)
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    (data_dir / "cookies.txt").write_text(header)
    done = scrapy(
        ["identity", "import", str(data_dir / "cookies.txt"), "--label", "main"],
        environment(data_dir / "state", standin.url),
    )
    assert done.exit_code == 0, done.complaints
    return cookies


def test_each_route_of_each_operation_is_told_as_it_is(standin: RunningStandin, tmp_path: Path) -> None:
    done = doctor(tmp_path, standin.url, "--json")

    told = states(done)
    assert done.exit_code == Health.INCOMPLETE, done.complaints
    assert set(told) >= EVERY_ROUTE
    assert told["profile by page"] == told["profile_videos by list"] == told["replies by api"] == State.WORKS
    assert told["search_users by api"] == State.REFUSED
    assert told["search_users by browser"] == told["comments by session"] == State.OFF
    assert told["Redis"] == told["Drive"] == told["proxies"] == State.OFF
    assert told["database"] == told["direct"] == told["msToken"] == State.WORKS
    assert "gated" in findings(done)["search_users by api"]["detail"]
    assert "search_users" in json.loads(done.output)["unserved"]


def test_a_refusal_comes_with_its_verdict_and_is_not_asked_again(
    standin: RunningStandin, tmp_path: Path
) -> None:
    standin.add_fault("captcha", "/api/comment/*")

    done = doctor(tmp_path, standin.url, "--json")

    refused = findings(done)["comments by api"]
    assert refused["state"] == State.REFUSED
    assert refused["detail"].startswith("captcha")
    assert standin.log()["counts"]["/api/comment/list/"] == 1


def test_an_account_whose_login_ends_soon_is_told_without_its_cookies(
    standin: RunningStandin, tmp_path: Path
) -> None:
    cookies = import_account(standin, tmp_path, days=5)

    done = doctor(tmp_path / "state", standin.url, "--offline")

    line = next(line for line in done.output.splitlines() if "1 main" in line)
    assert "soon" in line
    assert "4 days left" in line
    assert not [name for name, value in cookies.items() if value in done.output + done.complaints]
    assert standin.log()["total"] == 0


def test_where_nothing_can_be_reached_all_of_it_is_told_and_nothing_secret(tmp_path: Path) -> None:
    proxies = tmp_path / "proxies.txt"
    proxies.write_text(f"http://me:{SECRET}@{NOWHERE}\n")

    done = doctor(
        tmp_path / "state",
        f"http://{NOWHERE}",
        "--json",
        DATABASE_URL=f"mysql://me:{SECRET}@{NOWHERE}/crawl",
        REDIS_URL=f"redis://:{SECRET}@{NOWHERE}",
        SCRAPYD_URLS=f"http://me:{SECRET}@{NOWHERE}",
        ENABLE_PROXY="1",
        PROXY_LIST=str(proxies),
    )

    told = states(done)
    assert done.exit_code == Health.BROKEN
    assert told["database"] == told["Redis"] == told["Scrapyd"] == State.FAILED
    assert set(told) >= EVERY_ROUTE
    assert State.WORKS not in {told[name] for name in EVERY_ROUTE}
    assert sorted(json.loads(done.output)["unserved"]) == sorted(LADDERS)
    assert SECRET not in done.output + done.complaints
    assert "Traceback" not in done.complaints


def test_what_is_set_up_and_runs_is_told_to_work(tmp_path: Path, empty_redis: RedisServer) -> None:
    done = doctor(tmp_path, f"http://{NOWHERE}", "--offline", "--json", REDIS_URL=empty_redis.url)

    assert done.exit_code == Health.WELL
    assert states(done)["Redis"] == State.WORKS
    assert not EVERY_ROUTE & set(states(done))


def test_a_drive_that_takes_files_is_told_to_work(drive: RunningDrive, tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    key.write_text(json.dumps(drive.key("user")))
    place = {"MEDIA_STORE": "drive://root", "DRIVE_BASE_URL": drive.url}

    open_one = doctor(
        tmp_path, f"http://{NOWHERE}", "--offline", "--json", DRIVE_CREDENTIALS=str(key), **place
    )
    keyless = doctor(tmp_path, f"http://{NOWHERE}", "--offline", "--json", **place)
    away = doctor(
        tmp_path, f"http://{NOWHERE}", "--offline", "--json",
        DRIVE_CREDENTIALS=str(key), MEDIA_STORE="drive://root", DRIVE_BASE_URL=f"http://{NOWHERE}",
    )  # fmt: skip

    assert (open_one.exit_code, states(open_one)["Drive"]) == (Health.WELL, State.WORKS)
    assert (keyless.exit_code, states(keyless)["Drive"]) == (Health.BROKEN, State.FAILED)
    assert "scrapy drive login" in findings(keyless)["Drive"]["detail"]
    assert (away.exit_code, states(away)["Drive"]) == (Health.BROKEN, State.FAILED)
    assert json.loads(key.read_text())["refresh_token"] not in open_one.output + away.output + away.complaints


def test_a_folder_for_media_is_tried_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    good = doctor(
        tmp_path, f"http://{NOWHERE}", "--offline", "--json", MEDIA_STORE=(tmp_path / "copies").as_uri()
    )
    bad = doctor(
        tmp_path, f"http://{NOWHERE}", "--offline", "--json", MEDIA_STORE=(tmp_path / "file" / "x").as_uri()
    )

    assert (good.exit_code, states(good)["media folder"]) == (Health.WELL, State.WORKS)
    assert (bad.exit_code, states(bad)["media folder"]) == (Health.BROKEN, State.FAILED)


def test_a_terminal_gets_tables(standin: RunningStandin, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    variables = environment(tmp_path, standin.url, BROWSER_PATH="none", TERM="xterm", COLUMNS="120")
    with subprocess.Popen(
        [*SCRAPY, "doctor", "--offline"], cwd=ROOT, env=variables, stdout=theirs
    ) as process:
        process.wait(timeout=60)
    os.close(theirs)
    shown = os.read(ours, 65_536).decode()
    os.close(ours)

    assert "\x1b[" in shown
    assert "database" in shown


@pytest.mark.parametrize(
    ("options", "word"), [(["--seconds", "0"], "--seconds"), (["--user", "not a name"], "not a name")]
)
def test_bad_input_is_refused_in_one_line(tmp_path: Path, options: list[str], word: str) -> None:
    done = doctor(tmp_path, f"http://{NOWHERE}", *options)

    assert done.exit_code == 2
    assert word in done.output + done.complaints
    assert "Traceback" not in done.complaints


def test_health_is_broken_before_it_is_incomplete() -> None:
    works, fails = Finding("parts", "a", State.WORKS), Finding("parts", "b", State.FAILED)

    assert health_of([works], []) is Health.WELL
    assert health_of([works], ["profile"]) is Health.INCOMPLETE
    assert health_of([works, fails], ["profile"]) is Health.BROKEN


def test_an_operation_is_served_by_any_route_that_works() -> None:
    found = [
        Finding("routes", "profile by page", State.REFUSED),
        Finding("routes", "profile by api", State.WORKS),
        Finding("routes", "sound by api", State.NOT_ASKED),
    ]

    assert unserved(found) == ["sound"]
