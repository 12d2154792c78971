"""A live service over real HTTP that finds whatever the test wants found."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.webapi.answering import Reply, answering

SECRET = "a-secret-of-at-least-sixteen"


def product(number: int, **changes: Any) -> dict[str, Any]:
    """A product as the live service tells it: amounts are decimal texts."""
    return {
        "type": "product",
        "id": str(7_382_941_023_847_000_000 + number),
        "title": f"Capa iPhone {number}",
        "url": f"https://shop.tiktok.com/us/pdp/{number}",
        "price": "29.90",
        "original_price": "59.90",
        "currency": "BRL",
        "discount": 50,
        "image_urls": ["https://p16-oec.example/1.jpeg", "https://p16-oec.example/2.jpeg"],
        "seller_id": "7495794203056835079",
        "seller_name": "TechStore BR",
        "sales_count": 15_420,
        "rating": 4.8,
        "review_count": 321,
    } | changes


@dataclass
class PretendLive:
    """Its knobs, and what it was asked."""

    outcome: str = "ok"
    reason: str = "found"
    route: str | None = "page"
    status: int = 200
    seconds: float = 0.0
    retry_after_seconds: float | None = None
    got_through: int = 0
    """Products that came before a refusal."""
    stock: list[dict[str, Any]] = field(default_factory=lambda: [product(number) for number in range(150)])
    asked: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            self.asked.append(question)
        time.sleep(self.seconds)
        if question["lookup"] == "shop_product":
            return self.record(question)
        most = question["count"] if self.outcome == "ok" else self.got_through
        items = self.stock[:most]
        rows = {"complete": False, "truncated": None, "found": len(items), "declared": None, "cursor": "30"}
        return {
            "outcome": self.outcome,
            "reason": self.reason,
            "route": self.route,
            "items": items,
            "list": rows,
            "fetched_at": "2026-11-01T10:00:00Z",
            "retry_after_seconds": self.retry_after_seconds,
            "tries": [],
        }

    def record(self, question: dict[str, Any]) -> dict[str, Any]:
        """One product: a record has no list."""
        found = [one for one in self.stock if one["id"] == question["target"] and self.outcome == "ok"]
        return {
            "outcome": self.outcome if found or self.outcome != "ok" else "not_found",
            "reason": self.reason,
            "route": self.route,
            "items": found,
            "list": None,
            "fetched_at": "2026-11-01T10:00:00Z",
            "retry_after_seconds": self.retry_after_seconds,
            "tries": [],
        }

    @contextmanager
    def serving(self) -> Iterator[int]:
        with answering(self._reply) as port:
            yield port

    def _reply(self, request: BaseHTTPRequestHandler, question: dict[str, Any]) -> Reply:
        is_known = request.headers["Authorization"] == f"Bearer {SECRET}"
        wait = self.retry_after_seconds
        return Reply(
            self.answer(question),
            self.status if is_known else 401,
            {} if wait is None else {"Retry-After": f"{wait:g}"},
        )
