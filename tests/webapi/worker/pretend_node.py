"""A node that only pretends: what a Scrapyd answers, and what it was asked."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

PASSWORD = base64.b64encode(b"crawler:secret").decode()


@dataclass
class PretendNode:
    """One node's state."""

    waiting: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    started: list[dict[str, str]] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    refuses: str = ""
    """Why it starts nothing."""
    server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        handler = type("Handler", (_Handler,), {"node": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def url_with_password(self) -> str:
        return self.url.replace("//", "//crawler:secret@")

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        if path == "/daemonstatus.json":
            return {"status": "ok", "pending": len(self.waiting), "running": len(self.running), "finished": 0}
        if path == "/status.json":
            return {"status": "ok", "currstate": "pending" if fields["job"] in self.waiting else None}
        if path == "/cancel.json":
            self.killed.append(fields["job"])
            return {"status": "ok", "prevstate": None}
        if self.refuses:
            return {"status": "error", "message": self.refuses}
        self.started.append(fields)
        self.waiting.append(fields["jobid"])
        return {"status": "ok", "jobid": fields["jobid"]}


class _Handler(BaseHTTPRequestHandler):
    node: PretendNode

    def do_GET(self) -> None:
        self._answer(dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        self._answer(dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())))

    def _answer(self, fields: dict[str, str]) -> None:
        may = self.headers["Authorization"] == f"Basic {PASSWORD}"
        body = (
            json.dumps(self.node.answer(urlsplit(self.path).path, fields)).encode()
            if may
            else b"Unauthorized"
        )
        self.send_response(200 if may else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""
