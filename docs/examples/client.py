"""A client of the API in one file: has a profile crawled, watches, and lists its posts.

    export API_URL=http://localhost:5000 API_KEY=tk_…
    python docs/examples/client.py khaby.lame

Needs httpx and Python 3.11.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import httpx


@dataclass(frozen=True)
class Job:
    """How far a crawl is."""

    id: int
    status: str
    progress: int
    videos_scraped: int
    error: str | None

    @classmethod
    def read(cls, document: dict[str, Any]) -> Self:
        return cls(**{name: document[name] for name in cls.__dataclass_fields__})

    @property
    def is_over(self) -> bool:
        return self.status in ("completed", "failed")


@dataclass(frozen=True)
class Video:
    """A post. What TikTok did not tell is `None`."""

    id: str
    description: str | None
    created_at: datetime | None
    views: int | None

    @classmethod
    def read(cls, document: dict[str, Any]) -> Self:
        created_at = document["created_at"]
        return cls(
            id=document["id"],
            description=document["description"],
            created_at=datetime.fromisoformat(created_at) if created_at else None,
            views=document["views"],
        )


class ApiError(Exception):
    """The API refused; the message is its own, with the request's id."""


class Token(httpx.Auth):
    """Changes the API key for a token, and again when that is over."""

    requires_response_body = True

    def __init__(self, url: str, api_key: str) -> None:
        self.login = httpx.Request("POST", f"{url}/api/v1/auth/token", json={"api_key": api_key})
        self.token = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        if self.token:
            response = yield self._signed(request)
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
        answer = yield self.login
        if answer.is_error:
            raise ApiError(answer.text)
        self.token = answer.json()["access_token"]
        yield self._signed(request)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Crawler:
    """Asks the API; waits when it says "later"."""

    def __init__(self, url: str, api_key: str) -> None:
        self.http = httpx.Client(base_url=url, auth=Token(url, api_key), timeout=30)

    def crawl(self, url: str, *, most: int) -> Job:
        """Ask for a crawl. The key makes it harmless to send this again after a broken connection."""
        created = self._ask(
            "POST",
            "/api/jobs",
            json={"url": url, "type": "user", "options": {"max_videos": most}},
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        return self.job(created["job_id"])

    def job(self, job_id: int) -> Job:
        return Job.read(self._ask("GET", f"/api/jobs/{job_id}"))

    def watch(self, job: Job) -> Iterator[Job]:
        """Tell how far a crawl is, until it is over."""
        while not job.is_over:
            yield job
            time.sleep(2)
            job = self.job(job.id)
        yield job

    def videos(self, username: str) -> Iterator[Video]:
        """Read all posts of a profile, page by page."""
        user_id = self._ask("GET", f"/api/users/{username}")["id"]
        offset, has_more = 0, True
        while has_more:
            page = self._ask(
                "GET", "/api/videos", params={"user_id": user_id, "limit": 100, "offset": offset}
            )
            yield from map(Video.read, page["videos"])
            offset, has_more = offset + page["limit"], page["has_more"]

    def _ask(self, method: str, path: str, **request: Any) -> Any:
        response = self.http.request(method, path, **request)
        while response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            time.sleep(float(response.headers.get("Retry-After", 1)))
            response = self.http.request(method, path, **request)
        if response.is_error:
            raise ApiError(f"{method} {path}: {response.text} ({response.headers.get('X-Request-ID')})")
        return response.json()


def main(username: str) -> int:
    crawler = Crawler(os.environ["API_URL"], os.environ["API_KEY"])
    job = crawler.crawl(f"https://www.tiktok.com/@{username}", most=20)
    for job in crawler.watch(job):  # noqa: B020  # the newest is the one that counts
        print(f"job {job.id}: {job.status}, {job.progress} %, {job.videos_scraped} posts")
    if job.error:
        print(job.error, file=sys.stderr)
        return 1
    for video in crawler.videos(username):
        print(f"{video.created_at:%Y-%m-%d}  {video.views or 0:>12,}  {video.description}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
