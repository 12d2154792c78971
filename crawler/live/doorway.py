"""The service over HTTP, for callers on this machine that know the secret."""

from __future__ import annotations

import hmac
import logging
import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web
from scrapy.exceptions import IgnoreRequest

from crawler.identities import Stopped
from crawler.live.desk import Busy, Desk, TooSlow
from crawler.live.walk import Unfinished
from crawler.live.ways import WAYS
from tiktok.errors import InvalidQuestion, InvalidTarget
from tiktok.lookups import Question, read_question
from tiktok.places import read_place
from tiktok.urls import Target

logger = logging.getLogger(__name__)

LONGEST_BODY = 16 * 1024
LONGEST_DEADLINE_SECONDS = 300.0
BUSY_SECONDS = 1
"""When to come back: a lookup rarely takes longer."""


class Doorway:
    """Reads questions, and says in HTTP what became of them."""

    def __init__(
        self,
        desk: Desk,
        *,
        secret: str,
        site: str,
        shop_site: str,
        deadline_seconds: float,
        health: Callable[[], dict[str, Any]],
    ) -> None:
        """`health` tells about the service, to everybody on this machine."""
        self._desk = desk
        self._authorization = f"Bearer {secret}".encode()
        self._site = site
        self._shop_site = shop_site
        self._deadline_seconds = deadline_seconds
        self._health = health
        self.is_closing = False

    def application(self) -> web.Application:
        """What listens."""
        application = web.Application(client_max_size=LONGEST_BODY)
        application.add_routes([web.post("/lookups", self.look_up), web.get("/health", self.health)])
        return application

    async def health(self, _request: web.Request) -> web.Response:
        """Tell how the service is."""
        status = "closing" if self.is_closing else "ok"
        return _json({"status": status, **self._health()}, 503 if self.is_closing else 200)

    async def look_up(self, request: web.Request) -> web.Response:
        """Answer one question."""
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, self._authorization):
            return _refusal(401, "show the secret: Authorization: Bearer …")
        if self.is_closing:
            return _ending()
        try:
            question, target, seconds = self._read(await request.read())
        except InvalidQuestion as error:
            return _refusal(400, str(error), field=error.field, problem=error.problem, fix=error.fix)
        except InvalidTarget as error:
            return _refusal(400, str(error), field=error.field, problem=error.reason, fix=error.fix)
        return await self._answer(question, target, seconds)

    async def _answer(self, question: Question, target: Target, seconds: float) -> web.Response:
        try:
            body = await self._desk.ask(question, target, seconds)
        except Busy:
            words = f"{self._desk.most} lookups are under way"
            return _refusal(429, words, {"Retry-After": str(BUSY_SECONDS)})
        except TooSlow:
            return _refusal(504, f"no answer within {seconds:g} s")
        except (IgnoreRequest, Stopped, Unfinished):
            return _ending()
        except Exception:
            logger.exception("%s %s failed", question.lookup, target.key)
            return _refusal(500, "an error of ours, see the log")
        return web.Response(body=body, content_type="application/json")

    def _read(self, body: bytes) -> tuple[Question, Target, float]:
        try:
            given = orjson.loads(body)
        except orjson.JSONDecodeError:
            given = None
        if not isinstance(given, dict):
            raise InvalidQuestion("body", "is no JSON object", 'send {"lookup": "user", "target": "…"}')
        seconds = self._read_seconds(given.pop("deadline_seconds", None))
        question = read_question(given)
        if question.lookup not in WAYS:
            raise InvalidQuestion("lookup", f"{question.lookup} is not served", f"ask for {', '.join(WAYS)}")
        if question.cursor:
            read_place(question.cursor)
        target = question.subject(datetime.now(UTC), site=self._site, shop_site=self._shop_site)
        return question, target, seconds

    def _read_seconds(self, value: Any) -> float:
        if value is None:
            return self._deadline_seconds
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value) or not 0 < value <= LONGEST_DEADLINE_SECONDS:
            fix = f"write a number up to {LONGEST_DEADLINE_SECONDS:g}"
            raise InvalidQuestion("deadline_seconds", "is no number of seconds that can be waited", fix)
        return float(value)


def _ending() -> web.Response:
    """Another process will be here soon; the connection must not lead to this one again."""
    response = _refusal(503, "the service is ending", {"Retry-After": str(BUSY_SECONDS)})
    response.force_close()
    return response


def _json(document: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(document), status=status, content_type="application/json")


def _refusal(status: int, error: str, headers: dict[str, str] | None = None, **more: str) -> web.Response:
    response = _json({"error": error, **more}, status)
    response.headers.update(headers or {})
    return response
