"""Scrapyd nodes as the worker sees them: how busy they are, start this, end that."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import httpx

from store.config import Config
from store.node_credentials import Credentials, ensure_credentials

logger = logging.getLogger(__name__)

PROJECT = "tiktok"
TIMEOUT = httpx.Timeout(10.0, connect=3.0)
"""The first crawl that a node starts keeps it from answering for up to two seconds."""
REST_SECONDS = 10.0
"""A node that did not answer is not asked again before."""


class NodeSilent(Exception):  # noqa: N818  # says what happened
    """No answer: it may be down, or just slow, and may even have done what was asked."""


class NodeRefused(Exception):  # noqa: N818  # says what happened
    """It answered, and will not."""


@dataclass(frozen=True, slots=True)
class Load:
    """Crawls of a node."""

    waiting: int
    running: int


class Node:
    """One Scrapyd."""

    def __init__(
        self, url: str, credentials: Credentials | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        parts = urlsplit(url)
        self.url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        """Without credentials: it is told in the tables and in the log."""
        login = (
            (unquote(parts.username or ""), unquote(parts.password or "")) if parts.username else credentials
        )
        self._http = httpx.Client(base_url=self.url, auth=login, timeout=TIMEOUT, trust_env=False)
        self._clock = clock
        self._rests_until = 0.0

    def is_resting(self) -> bool:
        """Whether it failed to answer a moment ago."""
        return self._clock() < self._rests_until

    def load(self) -> Load:
        """Ask how busy it is."""
        answer = self._ask("GET", "daemonstatus.json")
        return Load(int(answer["pending"]), int(answer["running"]))

    def has_waiting(self, job: str) -> bool:
        """Whether a crawl is still in its queue."""
        return bool(
            self._ask("GET", "status.json", {"project": PROJECT, "job": job})["currstate"] == "pending"
        )

    def start(self, spider: str, job: str, priority: int, arguments: Mapping[str, Any]) -> None:
        """Put a crawl into its queue."""
        form = {"project": PROJECT, "spider": spider, "jobid": job, "priority": priority, **arguments}
        self._ask("POST", "schedule.json", form)

    def kill(self, job: str) -> None:
        """End a crawl at once, or take it out of the queue."""
        self._ask("POST", "cancel.json", {"project": PROJECT, "job": job, "signal": "KILL"})

    def close(self) -> None:
        self._http.close()

    def _ask(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
        try:
            return self._answer(method, path, fields)
        except (NodeSilent, NodeRefused):
            self._rests_until = self._clock() + REST_SECONDS
            raise

    def _answer(self, method: str, path: str, fields: Mapping[str, Any] | None) -> dict[str, Any]:
        sent = {"params": fields} if method == "GET" else {"data": fields}
        try:
            response = self._http.request(method, path, **sent)  # type: ignore[arg-type]  # either of the two
        except httpx.HTTPError as error:
            raise NodeSilent(f"{self.url} does not answer ({error!r})") from error
        if response.status_code == 401:
            raise NodeRefused(f"{self.url} does not accept our password; write its own into SCRAPYD_URLS")
        try:
            answer = response.json()
        except ValueError as error:
            raise NodeSilent(f"{self.url} answers {response.status_code} and no JSON to {path}") from error
        if not isinstance(answer, dict) or answer.get("status") != "ok":
            raise NodeRefused(f"{self.url} refuses {path}: {answer}")
        return answer


class Nodes:
    """All nodes of the installation."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = {node.url: node for node in nodes}
        self._threads = ThreadPoolExecutor(max(1, len(nodes)), "node")

    @classmethod
    def load(cls, config: Config) -> Self:
        """Those of `SCRAPYD_URLS`, else this machine's."""
        urls = config.scrapyd_urls or (f"http://127.0.0.1:{config.scrapyd_port}",)
        credentials = ensure_credentials(config)
        return cls([Node(url, credentials) for url in urls])

    def __getitem__(self, url: str) -> Node | None:
        return self._nodes.get(url)

    def loads(self) -> dict[Node, Load]:
        """How busy those are that answer."""
        asked = [node for node in self._nodes.values() if not node.is_resting()]
        answers = zip(asked, self._threads.map(_load_or_none, asked), strict=True)
        return {node: load for node, load in answers if load is not None}

    def close(self) -> None:
        for node in self._nodes.values():
            node.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


@contextmanager
def told() -> Iterator[None]:
    """Tell about a node's trouble, and go on."""
    try:
        yield
    except (NodeSilent, NodeRefused) as trouble:
        logger.warning("%s", trouble)


def _load_or_none(node: Node) -> Load | None:
    try:
        return node.load()
    except (NodeSilent, NodeRefused) as trouble:
        logger.warning("%s", trouble)
        return None
