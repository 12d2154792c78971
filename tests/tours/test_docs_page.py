"""A newcomer with nothing but `/docs` in a browser: gets a token, starts a job, watches it end, lists its posts."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.fixtures.house import House

PICTURES = os.environ.get("PICTURES_DIR")
"""Where pictures of each step go, for people to look at."""
WATCHED_TIMES = 40


class DocsPage:
    """What a person does on the page, and reads there."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def authorize(self, token: str) -> None:
        await self.page.get_by_role("button", name="Authorize").first.click()
        dialog = self.page.locator(".modal-ux")
        bearer = dialog.locator(".auth-container", has_text="bearer")
        await bearer.locator("input").fill(token)
        await bearer.get_by_role("button", name="Apply credentials").click()
        await self.look("authorized")
        await dialog.locator(".btn-done").first.click()

    async def call(self, method: str, path: str, *, body: Any = None, **parameters: str) -> tuple[int, Any]:
        """Fill in an operation, execute it, and read the answer that is shown."""
        operation = await self._opened(method, path)
        for name, value in parameters.items():
            await operation.locator(f"tr[data-param-name='{name}'] input").first.fill(value)
        if body is not None:
            await operation.locator("textarea").first.fill(json.dumps(body))
        await operation.get_by_role("button", name="Execute").click()
        answer = operation.locator(".live-responses-table .response").first
        await expect(answer).to_be_visible()
        status = await answer.locator(".response-col_status").inner_text()
        shown = await answer.locator(".response-col_description .highlight-code").first.inner_text()
        await answer.scroll_into_view_if_needed()
        await self.look(f"{method} {path}")
        return int(status.split()[0]), json.loads(shown[shown.index("{") : shown.rindex("}") + 1])

    async def _opened(self, method: str, path: str) -> Locator:
        operation = self.page.locator(f".opblock-{method}").filter(
            has=self.page.locator(f"[data-path='{path}']")
        )
        if await operation.locator(".opblock-body").count() == 0:
            await operation.locator(".opblock-summary").click()
            await operation.get_by_role("button", name="Try it out").click()
        return operation

    async def look(self, name: str) -> None:
        if PICTURES:
            file = re.sub(r"\W+", "-", name).strip("-")
            await self.page.screenshot(path=Path(PICTURES) / f"{file}.png")


@pytest.fixture
async def docs(chromium: Path, house: House) -> AsyncIterator[DocsPage]:
    """The page, in a browser that reaches no other host."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 1600})
        await page.goto(f"http://127.0.0.1:{house.port}/docs")
        await expect(page.locator(".opblock").first).to_be_visible()
        yield DocsPage(page)
        await browser.close()


async def test_all_of_a_crawl_can_be_done_on_the_page(docs: DocsPage, house: House) -> None:
    await docs.look("docs")

    status, token = await docs.call("post", "/api/v1/auth/token", body={"api_key": house.api_key})
    assert status == 200
    await docs.authorize(token["access_token"])

    wish = {"url": "https://www.tiktok.com/@khaby.lame", "type": "user", "options": {"max_videos": 20}}
    status, created = await docs.call("post", "/api/jobs", body=wish)
    assert status == 201

    for _ in range(WATCHED_TIMES):
        status, job = await docs.call("get", "/api/jobs/{job_id}", job_id=str(created["job_id"]))
        assert status == 200
        if job["status"] not in ("pending", "running"):
            break
        await docs.page.wait_for_timeout(500)
    assert (job["status"], job["videos_scraped"]) == ("completed", 20)

    status, videos = await docs.call("get", "/api/videos", limit="5")
    assert status == 200, videos
    assert len(videos["videos"]) == 5


async def test_the_other_page_shows_the_same_operations(docs: DocsPage, house: House) -> None:
    await docs.page.goto(f"http://127.0.0.1:{house.port}/redoc")

    await expect(docs.page.get_by_text("/api/jobs", exact=True).first).to_be_attached()
    await docs.look("redoc")
