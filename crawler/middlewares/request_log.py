"""The request log: one line per answer, with what it meant and cost, and nothing that is anybody's secret.

No URL is written but its path and its place in a list; no header, no address of a proxy, nothing an exception says.
"""

from __future__ import annotations

import re
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.configuration import config_of
from crawler.errands import Errand
from store.identities import Identity
from store.request_log import FOLDER, KeptBodies, RequestLog, without_secrets
from tiktok.aftermath import aftermath_of
from tiktok.replies import Reply
from tiktok.verdicts import Judgement, Verdict

PLACE = re.compile(r"[?&](?:cursor|minCursor|offset)=(\d+)")
"""The only parameters that are told: where in a list an answer belongs."""


class RequestLogMiddleware:
    """Stands where an answer is judged and still has its identity. Off where `REQUEST_LOG_MB` is 0."""

    def __init__(self, crawler: Crawler, log: RequestLog, bodies: KeptBodies) -> None:
        self.crawler = crawler
        self.log = log
        self.bodies = bodies

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        config = config_of(crawler.settings)
        if not config.request_log_mb:
            raise NotConfigured
        folder = config.data_dir / FOLDER
        log = RequestLog(folder, config.request_log_mb)
        crawler.signals.connect(log.close, signal=signals.spider_closed)
        return cls(crawler, log, KeptBodies(folder / "bodies"))

    def process_response(self, request: Request, response: Response) -> Response:
        if "judgement" in request.meta and "identity" in request.meta:
            self.log.write(self._entry(request))
        return response

    def _entry(self, request: Request) -> dict[str, Any]:
        meta = request.meta
        errand: Errand = meta["errand"]
        identity: Identity = meta["identity"]
        judgement: Judgement = meta.get("broken_off") or meta["judgement"]
        reply: Reply = meta["reply"]
        place = PLACE.search(request.url)
        entry = {
            "at": meta["received_at"],
            "crawl": self.crawler.spider.name if self.crawler.spider else None,
            "operation": errand.operation,
            "target": errand.target.key,
            "route": errand.route,
            "attempt": errand.attempt,
            "identity": identity.id,
            "exit": identity.exit_id,
            "path": urlsplit(request.url).path,
            "place": place[1] if place else None,
            "status": reply.status,
            "bytes": len(reply.body),
            "milliseconds": round(meta["took_seconds"] * 1000),
            "verdict": judgement.verdict,
            "rule": judgement.rule,
            "cost": aftermath_of(judgement).cost,
        }
        if reply.error:
            entry["error"] = reply.error.partition(":")[0]
        elif code := reply.document.status_code:
            entry["code"] = code
        if judgement.verdict is Verdict.SCHEMA_CHANGED:
            entry["body"] = self._keep(
                reply.body, identity, f"{errand.operation}:{errand.route}:{judgement.rule}"
            )
        return entry

    def _keep(self, body: bytes, identity: Identity, kind: str) -> str | None:
        secrets = [cookie.value for cookie in identity.cookies]
        device = [identity.device.device_id, identity.device.odin_id or ""]
        name = self.bodies.keep(without_secrets(body, [*secrets, *device]), kind)
        return f"bodies/{name}" if name else None
