"""Crawls of a plain static server whose answers are captured ones: what it answers is what gets stored.

Expected values are read from the captures here, with nothing of ours.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from crawler.endings import Ending
from store.models import OutcomeRow, UserRow, VideoRow
from tests.crawler.command import environment, scrapy
from tests.crawler.crawling import Site
from tests.house.paths import ROOT
from tiktok.outcomes import ListState

CAPTURES = Path(os.environ.get("CAPTURES_DIR") or ROOT.parent / "shared" / "captures")
HISTORY = "/api/creator/item_list/"
BLOBS = re.compile(
    r'<script id="(__UNIVERSAL_DATA_FOR_REHYDRATION__|__NEXT_DATA__)"[^>]*>(.*?)</script>', re.DOTALL
)

pytestmark = pytest.mark.skipif(
    not CAPTURES.is_dir() and os.environ.get("REQUIRE_SERVICES") != "1",
    reason=f"no captured payloads in {CAPTURES}; set CAPTURES_DIR",
)


def capture(name: str) -> bytes:
    return (CAPTURES / name).read_bytes()


def universal_user(name: str) -> dict[str, Any]:
    """The profile in a page of today."""
    blobs = dict(BLOBS.findall(capture(name).decode()))
    scope = json.loads(blobs["__UNIVERSAL_DATA_FOR_REHYDRATION__"])["__DEFAULT_SCOPE__"]
    user: dict[str, Any] = scope["webapp.user-detail"]["userInfo"]
    return user


def next_user(name: str) -> dict[str, Any]:
    """The profile in a page of 2020."""
    blobs = dict(BLOBS.findall(capture(name).decode()))
    user: dict[str, Any] = json.loads(blobs["__NEXT_DATA__"])["props"]["pageProps"]["userInfo"]
    return user


def detail_user(name: str) -> dict[str, Any]:
    """The profile in an endpoint's answer."""
    user: dict[str, Any] = json.loads(capture(name))["userInfo"]
    return user


@asynccontextmanager
async def serving(answers: dict[str, str], database_url: str, data_dir: Path) -> AsyncIterator[Site]:
    """Serve captures by path; whatever else is asked is 404."""

    async def answer(request: web.Request) -> web.Response:
        name = answers.get(request.path)
        if name is None:
            return web.Response(status=404, text="404 page not found")
        kind = "text/html" if name.endswith(".html") else "application/json"
        return web.Response(body=capture(name), content_type=kind)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        yield Site(str(server.make_url("")).rstrip("/"), database_url, data_dir)


def stored_counters(row: UserRow) -> dict[str, int | None]:
    return {
        "followerCount": row.followers,
        "followingCount": row.following,
        "heartCount": row.total_likes,
        "videoCount": row.total_videos,
    }


def captured_counters(user: dict[str, Any]) -> dict[str, int]:
    """Exact ones where the capture has them."""
    counters = {**user["stats"], **user.get("statsV2", {})}
    return {
        name: int(counters[name]) for name in ("followerCount", "followingCount", "heartCount", "videoCount")
    }


async def test_scrapy_crawl_profile_stores_what_the_captured_answers_hold(
    database_url: str, tmp_path: Path
) -> None:
    answers = {
        "/api/user/detail/": "02_user_detail/2025-10-zg520.json",
        HISTORY: "03_post_item_list/2025-10-user-posts.json",
    }
    expected = detail_user(answers["/api/user/detail/"])
    (post,) = json.loads(capture(answers[HISTORY]))["itemList"]

    async with serving(answers, database_url, tmp_path) as site:
        variables = environment(tmp_path, site.url, DATABASE_URL=database_url)
        ended = await asyncio.to_thread(scrapy, ["crawl", "profile", "-a", "user=zg.520"], variables)

    user = next(row for row in site.rows(UserRow) if row.id == expected["user"]["id"])
    (video,) = site.rows(VideoRow)
    assert ended.exit_code == Ending.INCOMPLETE
    assert (user.username, user.sec_uid) == ("zg.520", expected["user"]["secUid"])
    assert (user.display_name, user.bio) == (expected["user"]["nickname"], expected["user"]["signature"])
    assert stored_counters(user) == captured_counters(expected)
    assert (video.id, video.description) == (post["id"], post["desc"])
    assert video.created_at == datetime.fromtimestamp(post["createTime"], UTC)
    assert (video.views, video.likes, video.shares) == tuple(
        int(post["stats"][name]) for name in ("playCount", "diggCount", "shareCount")
    )
    assert video.sound_id == post["music"]["id"]
    assert "1 of 1,605 found" in " ".join(ended.complaints.split())


async def test_a_list_of_another_era_is_stored_row_by_row(database_url: str, tmp_path: Path) -> None:
    answers = {
        "/@tiktok": "01_profile_html/nextdata-2020-profile.html",
        HISTORY: "03_post_item_list/2021-01-listV2.json",
    }
    expected = {post["id"]: post for post in json.loads(capture(answers[HISTORY]))["items"]}

    async with serving(answers, database_url, tmp_path) as site:
        crawl = await site.crawl("profile", user="tiktok")

    stored = {row.id: row for row in site.rows(VideoRow)}
    assert set(expected) <= set(stored)
    for post_id, post in expected.items():
        row = stored[post_id]
        assert (row.description, row.username) == (post["desc"], "tiktok")
        assert (row.views, row.likes) == (post["stats"]["playCount"], post["stats"]["diggCount"])
        assert row.created_at == datetime.fromtimestamp(post["createTime"], UTC)
    assert (crawl.listing.state, crawl.listing.found, crawl.listing.declared) == (ListState.TRUNCATED, 7, 118)


@pytest.mark.parametrize(
    ("username", "name", "read"),
    [
        ("webstoremd", "2025-03-nostatsv2-webstoremd.html", universal_user),
        ("huynhhuyhoang_official", "2025-08-huynhhuyhoang_official.html", universal_user),
        ("illojuan", "2025-12-metascraper.html", universal_user),
        ("alcaldiasa", "2026-05-alcaldiasa-verified.html", universal_user),
        ("tiktok", "nextdata-2020-profile.html", next_user),
    ],
)
async def test_a_captured_page_is_stored_though_its_lists_are_refused(
    database_url: str, tmp_path: Path, username: str, name: str, read: Callable[[str], dict[str, Any]]
) -> None:
    path = f"01_profile_html/{name}"
    expected = read(path)

    async with serving({f"/@{username}": path}, database_url, tmp_path) as site:
        crawl = await site.crawl("profile", user=username)

    user = next(row for row in site.rows(UserRow) if row.id == expected["user"]["id"])
    (ended,) = site.rows(OutcomeRow)
    assert (user.username, user.sec_uid) == (username, expected["user"]["secUid"])
    assert (user.display_name, user.verified) == (expected["user"]["nickname"], expected["user"]["verified"])
    assert stored_counters(user) == captured_counters(expected)
    assert (crawl.listing.state, crawl.listing.found) == (ListState.FAILED, 0)
    assert (ended.target, crawl.ending) == (username, Ending.INCOMPLETE)
