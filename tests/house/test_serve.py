"""`bin/serve`, without its set-up: crawls that are asked for over HTTP."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
import urllib.parse
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from standardwebhooks import Webhook

from store.callbacks.signing import SigningKeys, written
from store.config import load_config
from tests.fixtures.house import SECRET, House, serving
from tests.fixtures.ports import free_port
from tests.fixtures.waiting import PATIENCE_SECONDS, wait_until
from tests.house.paths import ROOT
from webapi.services.live import LiveService, Lookup, Question


def test_scrapyd_lets_nobody_in_without_a_password(house: House) -> None:
    assert house.status_without_password() == 401
    assert house.ask("listprojects.json")["projects"] == ["tiktok"]


def test_only_its_owner_can_read_the_password(house: House) -> None:
    assert stat.S_IMODE(house.credentials_file.stat().st_mode) == 0o600


def test_a_scheduled_crawl_stores_what_it_finds(house: House) -> None:
    crawl = {"project": "tiktok", "spider": "profile", "user": "khaby.lame"}

    job = house.ask("schedule.json", crawl)["jobid"]
    wait_until(lambda: [one["id"] for one in house.ask("listjobs.json")["finished"]] == [job], "the crawl")

    with closing(sqlite3.connect(house.data_dir / "tiktok.db")) as database:
        query = "SELECT count(*) FROM videos WHERE username = 'khaby.lame'"
        assert database.execute(query).fetchone()[0] >= 60
    assert (house.node_home / "logs" / "tiktok" / "profile" / f"{job}.log").is_file()


def test_a_job_of_the_archive_is_watched_to_its_end_and_a_failed_post_tried_again(house: House) -> None:
    wish = {"mode": "profile", "value": "khaby.lame", "limit": 3}
    job = house.ask_api("/api/v1/jobs", wish)

    events = urllib.request.Request(f"http://127.0.0.1:{house.port}/api/v1/jobs/{job['id']}/events")
    events.add_header("X-API-Key", house.api_key)
    with urllib.request.urlopen(events, timeout=PATIENCE_SECONDS) as stream:  # noqa: S310  # our own address
        heard = [line for line in stream if line.startswith(b"data: ")]
    assert json.loads(heard[-1].removeprefix(b"data: ")) == {"reason": "finished"}
    last = json.loads(heard[-2].removeprefix(b"data: "))
    details = house.ask_api(f"/api/v1/jobs/{job['id']}")
    assert details["job"] == last
    assert (last["status"], last["successful_downloads"], last["total_videos"]) == ("completed", 3, 3)
    assert {video["status"] for video in details["videos"]} == {"downloaded"}
    for video in details["videos"]:
        (file,) = (house.data_dir / "media").rglob(f"*{video['id']}.mp4")
        assert file.stat().st_size == video["file_size"]

    video = f"/api/v1/videos/{details['videos'][0]['id']}"
    with closing(sqlite3.connect(house.data_dir / "tiktok.db", timeout=PATIENCE_SECONDS)) as database:
        failed = "UPDATE media_requests SET status = 'failed' WHERE video_id = ?"
        database.execute(failed, (details["videos"][0]["id"],))
        database.commit()
    assert house.ask_api(f"{video}/retry", {})["status"] == "pending"
    wait_until(lambda: house.ask_api(video)["status"] == "downloaded", "another try")
    assert house.ask_api(video)["attempts"] == 2


def test_a_job_of_the_api_is_crawled_with_the_comments_of_its_posts(house: House) -> None:
    wish = {
        "url": "https://www.tiktok.com/@khaby.lame",
        "type": "user",
        "options": {"max_videos": 2, "include_comments": True, "max_comments": 20},
    }

    job = house.ask_api("/api/jobs", wish)["job_id"]
    wait_until(lambda: house.ask_api(f"/api/jobs/{job}")["status"] in ("completed", "failed"), "the job")

    ended = house.ask_api(f"/api/jobs/{job}")
    assert (ended["status"], ended["error"], ended["progress"], ended["videos_scraped"]) == (
        "completed", None, 100, 2,
    )  # fmt: skip
    with closing(sqlite3.connect(house.data_dir / "tiktok.db")) as database:
        query = "SELECT count(*) FROM comments WHERE parent_id IS NULL GROUP BY video_id"
        assert [count for (count,) in database.execute(query)] == [20, 20]


def test_a_video_is_looked_up_by_its_encoded_url_and_then_comes_from_the_cache(house: House) -> None:
    videos = house.ask_api("/api/v1/user/khaby.lame/videos?count=3")
    url = urllib.parse.quote(videos["data"][0]["url"], safe="")

    answers = [house.ask_api(f"/api/v1/video/{url}") for _ in range(2)]

    assert [one["data"]["id"] for one in answers] == [videos["data"][0]["id"]] * 2
    assert [one["cached"] for one in answers] == [False, True]
    assert house.ask_api(f"/api/v1/video/{url}/comments?count=2")["count"] == 2


def test_one_profile_is_answered_at_once_and_then_from_the_cache(house: House) -> None:
    wish = {"request": {"process": {"type": "instant"}}, "usernames": ["@Khaby.Lame"]}

    results = [house.ask_api("/api/tiktok/profiles", wish)["data"][0] for _ in range(2)]

    assert [(one["username"], one["status"]) for one in results] == [("@khaby.lame", "success")] * 2
    assert results[0]["data"] == results[1]["data"]
    assert results[0]["data"]["stats"]["followers"] > 0
    assert results[1]["_from_cache"]


def test_live_lookups_are_answered_while_the_caller_waits(house: House) -> None:
    config = replace(load_config(house.data_dir / ".env"), data_dir=house.data_dir, live_port=house.live_port)
    service = LiveService(config)

    answer = service.look_up(Question(Lookup.USER_VIDEOS, "@khaby.lame", 5))

    service.close()
    assert (answer.outcome, len(answer.items)) == ("ok", 5)


def test_products_are_looked_up_in_the_bundled_shop(house: House) -> None:
    found = house.ask_api("/api/v1/tiktok/api/search?q=iphone+case&max_results=10")

    assert (found["total"], found["scraper_type"]) == (10, "api")
    assert all(product["price"] > 0 for product in found["products"])


def test_a_list_of_profiles_is_crawled_and_told_to_its_client(house: House) -> None:
    names = usernames(30)
    process = {"type": "callback", "callback": {"url": house.receiver.url}}
    wish = {"request": {"process": process}, "usernames": [*names, "not a name", f"@{names[0].upper()}"]}

    queued = house.ask_api("/api/tiktok/profiles", wish)["data"]
    wait_until(lambda: house.receiver.received, "the callback")

    (received,) = house.receiver.received
    client_id = house.ask_api("/api/v1/auth/me")["client_id"]
    (secret,) = SigningKeys((SECRET,)).of(client_id)
    told = Webhook(written(secret)).verify(received.body, received.headers)["data"]
    assert [told[name] for name in ("total_username", "total_success", "total_error", "process_status")] == [
        32, 31, 1, "done",
    ]  # fmt: skip
    assert [one["username"] for one in told["result"]] == [
        *(f"@{name}" for name in names), "not a name", f"@{names[0]}",
    ]  # fmt: skip
    assert told == house.ask_api(f"/api/tiktok/profiles/{queued['request_id']}/request")["data"]


def test_a_list_of_profiles_that_is_cancelled_ends_after_its_batch_and_keeps_what_it_has(
    house: House,
) -> None:
    told_before = len(house.receiver.received)
    process = {"type": "callback", "callback": {"url": house.receiver.url}}
    wish = {"request": {"process": process}, "usernames": usernames(400)[100:]}
    path = f"/api/tiktok/profiles/{house.ask_api('/api/tiktok/profiles', wish)['data']['request_id']}/request"
    wait_until(lambda: house.ask_api(path)["data"]["total_process"], "the first batch")

    house.ask_api(f"{path}/cancel", {})
    wait_until(lambda: len(house.receiver.received) > told_before, "the callback")

    data = house.ask_api(path)["data"]
    codes = [one.get("code") for one in data["result"]]
    assert (data["process_status"], len(codes)) == ("cancelled", 300)
    assert 0 < data["total_process"] == codes.count(None) < 300
    assert codes.count("CANCELLED") == 300 - data["total_process"]
    assert data["process_percentage"] == data["total_process"] // 3
    assert json.loads(house.receiver.received[-1].body)["data"] == data


def usernames(count: int) -> list[str]:
    """Names that exist on the stand-in."""
    command = [sys.executable, "-m", "standin", "usernames", str(count)]
    return subprocess.check_output(command, cwd=ROOT, text=True).split()


def test_a_taken_port_is_named_with_its_setting(house: House, tmp_path: Path) -> None:
    with serving(tmp_path, house.scrapyd_port, free_port(), free_port()) as second:
        second.wait(PATIENCE_SECONDS)

    assert second.returncode == 1
    assert (
        (tmp_path / "output")
        .read_text()
        .startswith(f"bin/serve: SCRAPYD_PORT: port {house.scrapyd_port} for scrapyd is not free")
    )
