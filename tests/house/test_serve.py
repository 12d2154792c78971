"""`bin/serve`, without its set-up: crawls that are asked for over HTTP."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from tests.fixtures.house import PATIENCE_SECONDS, House, free_port, serving, wait_until


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


def test_a_taken_port_is_named_with_its_setting(house: House, tmp_path: Path) -> None:
    with serving(tmp_path, house.scrapyd_port, free_port(), free_port()) as second:
        second.wait(PATIENCE_SECONDS)

    assert second.returncode == 1
    assert (
        (tmp_path / "output")
        .read_text()
        .startswith(f"bin/serve: SCRAPYD_PORT: port {house.scrapyd_port} for scrapyd is not free")
    )
