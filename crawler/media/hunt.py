"""One file's way here: through its sources, best first, their links, and several attempts at each."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response

from crawler.handlers.landing import Landing, WrongFile
from crawler.media.access import Access
from crawler.media.rereading import Fresh
from pipelines.media_source import Landed, Missed
from tiktok.media.expiry import is_expired
from tiktok.media.file_kinds import FileKind
from tiktok.media.wanted import Source, Wanted
from tiktok.media.wishes import Role

logger = logging.getLogger(__name__)

ATTEMPTS = 3
"""At one link, counted anew when an attempt brought something."""
MOST_ATTEMPTS = 20
"""At one link in all: a server that cuts every answer after a few bytes."""
PAUSE_SECONDS = 0.5
"""Before the second attempt; doubles."""
WHOLE_HOURS = 12 * 3600
"""aiohttp's limit for a whole answer; what hangs is noticed much earlier."""
MOST_HOPS = 5
REDIRECTS = (301, 302, 303, 307, 308)
NETWORK = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
DURATION_SLACK = (2.0, 0.1)
"""How far a film's length may be from the declared one: seconds, or a share of it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a link gave nothing."""

    reason: str
    is_stale: bool = False
    """A fresh link of the same file may work."""
    is_passing: bool = False
    """The same link may work in a moment."""


T = TypeVar("T")
Download = Callable[[Request], Awaitable[Response]]
Reread = Callable[[], Awaitable["Fresh | Missed"]]
Renew = Callable[[Fresh, Wanted], "Wanted | None"]


class Hunt:
    """For one file; its parts have names that the next process finds again."""

    def __init__(
        self,
        wanted: Wanted,
        access: Access | None,
        prefix: Path,
        *,
        download: Download,
        reread: Reread,
        renew: Renew,
        executor: Executor,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        """`prefix` is how the names of the file's parts begin."""
        self.wanted = wanted
        self.access = access
        self.prefix = prefix
        self._download = download
        self._reread = reread
        self._renew = renew
        self._executor = executor
        self._pause_seconds = pause_seconds
        self.reasons: list[str] = []
        self._may_be_renewed = True
        self.bytes_received = 0
        """Over the network, also in vain."""

    async def run(self) -> Landed | Missed:
        """Go through the links that are known; when they are stale, once more through fresh ones."""
        found = await self._through_sources(stops_when_stale=True)
        if found is None and self._may_be_renewed:
            fresh = await self._reread()
            if isinstance(fresh, Missed):
                return fresh
            wanted = self._renew(fresh, self.wanted)
            if wanted is not None:
                self.wanted, self.access = wanted, fresh.access
                found = await self._through_sources(stops_when_stale=False)
        return found or Missed("; ".join(dict.fromkeys(self.reasons)) or _not_offered(self.wanted))

    async def _through_sources(self, *, stops_when_stale: bool) -> Landed | None:
        if self.access is None:  # nobody knows as whom, and by which exit, to ask
            return None
        for source in self.wanted.sources:
            found = await self._from_source(source)
            if isinstance(found, Landed):
                return found
            self.reasons += [trouble.reason for trouble in found]
            if stops_when_stale and any(trouble.is_stale for trouble in found):
                return None
        self._may_be_renewed = not self.wanted.sources
        return None

    async def _from_source(self, source: Source) -> Landed | list[Trouble]:
        troubles = []
        for url in source.urls:
            if is_expired(url, datetime.now(UTC)):
                troubles.append(Trouble("the link has expired", is_stale=True))
                continue
            found = await self._from_link(source, url)
            if isinstance(found, Landed):
                return found
            troubles.append(found)
        return troubles

    async def _from_link(self, source: Source, url: str) -> Landed | Trouble:
        part = self._part_of(source, url)
        failures, trouble = 0, Trouble("no attempt")
        for attempt in range(MOST_ATTEMPTS):
            landing = Landing(part, self.wanted.role, self._executor)
            if (attempt or source.size_bytes) and part.exists():
                await self._run(landing.take_up)
            begun_at = landing.size
            found = await self._attempt(landing, source, url)
            if isinstance(found, Landed):
                return found
            trouble = found
            failures = failures + 1 if landing.size <= begun_at else 1
            if not trouble.is_passing or failures >= ATTEMPTS:
                break
            await asyncio.sleep(self._pause_seconds * 2 ** (failures - 1))
        return trouble

    async def _attempt(self, landing: Landing, source: Source, url: str) -> Landed | Trouble:
        if not (source.size_bytes and landing.size == source.size_bytes):
            begun_at = landing.size
            try:
                response = await self._follow(landing, url)
            except WrongFile as error:
                return Trouble(str(error))
            except NETWORK as error:
                return Trouble(f"{type(error).__name__}: {error}", is_passing=True)
            finally:
                self.bytes_received += max(0, landing.size - begun_at)
            if not landing.is_whole:
                landing.part.unlink(missing_ok=True)  # what is there and what is offered don't fit together
                return _meaning(response, had_part=begun_at > 0)
        return await self._checked(landing, source)

    async def _follow(self, landing: Landing, url: str) -> Response:
        """Ask for it where the link leads to; TikTok's own link to a video is a redirect to the CDN."""
        for _ in range(MOST_HOPS):
            response = await self._download(self._request(landing, url))
            location = response.headers.get("Location")
            if response.status not in REDIRECTS or not location:
                break
            url = urljoin(url, location.decode("latin-1"))
        return response

    def _request(self, landing: Landing, url: str) -> Request:
        assert self.access
        headers = self.access.headers()
        if landing.size:
            headers["Range"] = f"bytes={landing.size}-"
        meta = {"landing": landing, "download_timeout": WHOLE_HOURS, "verbatim_url": True}
        if self.access.proxy:
            meta["proxy"] = self.access.proxy
        return Request(url, headers=headers, meta=meta)

    async def _checked(self, landing: Landing, source: Source) -> Landed | Trouble:
        assert landing.kind
        look = await self._run(landing.inspect) if landing.look is None else landing.look
        trouble = None
        if not look.is_whole:
            trouble = f"the file is cut short, at {landing.size:,} bytes"
        elif self.wanted.role is Role.VIDEO and not _is_about(look.duration, self.wanted.duration):
            trouble = f"a video of {look.duration:.1f} s came instead of one of {self.wanted.duration:.1f} s"
        if trouble:
            landing.part.unlink(missing_ok=True)
            return Trouble(trouble)
        return Landed(
            landing.part, _kind(landing.kind, self.wanted.role), landing.size, landing.sha256, landing.md5,
            replace(source, urls=()), look.duration,
        )  # fmt: skip

    def _part_of(self, source: Source, url: str) -> Path:
        """One name per file that is offered: a later process goes on with it by whatever link."""
        told = (
            f"{source.quality} {source.codec} {source.size_bytes}"
            if source.size_bytes
            else url.partition("?")[0]
        )
        return self.prefix.with_name(
            f"{self.prefix.name}-{hashlib.sha256(told.encode()).hexdigest()[:12]}.part"
        )

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def _is_about(duration: float | None, declared: float | None) -> bool:
    """TikTok declares whole seconds; a file that says nothing is believed."""
    if duration is None or declared is None:
        return True
    seconds, share = DURATION_SLACK
    return abs(duration - declared) <= max(seconds, share * declared)


def _kind(kind: FileKind, role: Role) -> FileKind:
    """A sound in a container that says it is a film is a sound."""
    return FileKind.M4A if role is Role.SOUND and kind is FileKind.MP4 else kind


def _meaning(response: Response, *, had_part: bool) -> Trouble:
    """What an answer that is no file says."""
    match response.status:
        case 401 | 403 | 410:
            return Trouble(f"refused with {response.status}", is_stale=True)
        case 404:
            return Trouble("not there (404)")
        case 206 | 416:
            return Trouble(f"the rest of the file does not fit ({response.status})", is_passing=had_part)
        case 200:
            return Trouble("an error page came instead of the file")
        case 408 | 425 | 429 | 500 | 502 | 503 | 504:
            return Trouble(f"refused with {response.status}", is_passing=True)
        case status:
            return Trouble(f"refused with {status}")


def _not_offered(wanted: Wanted) -> str:
    if wanted.role is Role.VIDEO:
        return "no stream is offered that may be taken"
    return f"no {wanted.role} is offered"
