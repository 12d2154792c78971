"""A live service over real HTTP that finds whatever the test wants found."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

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
        live = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                question = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
                is_known = self.headers["Authorization"] == f"Bearer {SECRET}"
                body = orjson.dumps(live.answer(question))
                self.send_response(live.status if is_known else 401)
                self.send_header("Content-Length", str(len(body)))
                if live.retry_after_seconds is not None:
                    self.send_header("Retry-After", f"{live.retry_after_seconds:g}")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
