"""Answers while the caller waits: the client of the live service (`python -m crawler.live`, docs/live.md)."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import httpx
import orjson

from store.config import Config
from store.live_access import ensure_live_secret, live_url
from tiktok.errors import InvalidQuestion
from tiktok.lookups import Lookup, Question
from webapi.services.errors import ServiceError

__all__ = [
    "LiveAnswer",
    "LiveBusy",
    "LiveError",
    "LiveService",
    "LiveTooSlow",
    "LiveUnreachable",
    "Lookup",
    "Question",
    "Rows",
    "Try",
]

GRACE_SECONDS = 2.0
"""What an answer may take beyond its deadline: the service itself answers at the deadline."""
CONNECT_SECONDS = 2.0
CONNECTIONS = 64
"""Kept open at most; more are opened when needed."""


class LiveError(ServiceError):
    """The live service gave no answer."""


class LiveUnreachable(LiveError):  # noqa: N818  # says what happened
    """It is down, ending, or broken."""


class LiveBusy(LiveError):  # noqa: N818  # says what happened
    """It works on as many lookups as it may."""

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(f"as many lookups as may be are under way; come back in {retry_after_seconds:g} s")
        self.retry_after_seconds = retry_after_seconds


class LiveTooSlow(LiveError):  # noqa: N818  # says what happened
    """The deadline came before the answer."""


@dataclass(frozen=True, slots=True)
class Rows:
    """How far a lookup's list was walked."""

    complete: bool
    """No row follows."""
    truncated: str | None
    """Why rows are missing that the site has, or says it has."""
    found: int
    """Rows of this answer."""
    declared: int | None
    """Rows that the site says the whole list has."""
    cursor: str | None
    """Give it back to go on; empty when nothing follows, or when nothing can be asked for."""


@dataclass(frozen=True, slots=True)
class Try:
    """One answer of the site on the way, in order."""

    route: str
    verdict: str


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """What a lookup came to. Refusals are answers too: `outcome` says which."""

    outcome: str
    """A `tiktok.verdicts.Verdict`: `ok`, `empty`, `not_found`, `private`, `blocked`, …"""
    reason: str
    """One line for a person."""
    route: str | None
    """Route that answered (`tiktok.routes.Route`)."""
    items: Sequence[dict[str, Any]]
    """Each with its `type` and the fields of `tiktok.items`."""
    list: Rows | None
    """Of lists, how far it was walked."""
    fetched_at: datetime
    """When the site gave its last answer, UTC."""
    retry_after_seconds: float | None = None
    """When asking again makes sense, if somebody knows."""
    tries: Sequence[Try] = ()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Read the service's answer."""
        rows = document["list"]
        return cls(
            outcome=document["outcome"],
            reason=document["reason"],
            route=document["route"],
            items=document["items"],
            list=Rows(**rows) if rows is not None else None,
            fetched_at=datetime.fromisoformat(document["fetched_at"]).astimezone(UTC),
            retry_after_seconds=document["retry_after_seconds"],
            tries=tuple(Try(**one) for one in document["tries"]),
        )


class LiveService:
    """Asks the live service. For all threads of a process; connections are kept open, and made anew after a fork."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._url = f"{live_url(config)}/lookups"
        self._lock = threading.Lock()
        self._http: httpx.Client | None = None
        self._process = 0

    def look_up(self, question: Question, deadline_seconds: float | None = None) -> LiveAnswer:
        """Ask, and wait for the answer until the deadline (`LIVE_DEADLINE_SECONDS` when nobody says).

        Raises `InvalidQuestion` for parameters the service refuses, and `LiveUnreachable`, `LiveBusy` or
        `LiveTooSlow` when there is no answer.
        """
        seconds = deadline_seconds or self._config.live_deadline_seconds
        body = orjson.dumps(question.as_document() | {"deadline_seconds": seconds})
        timeout = httpx.Timeout(seconds + GRACE_SECONDS, connect=CONNECT_SECONDS)
        try:
            response = self._client().post(self._url, content=body, timeout=timeout)
            if response.status_code == 503:  # that process was ending, and another takes its place
                response = self._client().post(self._url, content=body, timeout=timeout)
        except httpx.ConnectTimeout as error:
            raise LiveUnreachable("the live service takes no connection") from error
        except httpx.TimeoutException as error:
            raise LiveTooSlow(f"no answer within {seconds:g} s") from error
        except httpx.HTTPError as error:
            raise LiveUnreachable(f"the live service is not there ({type(error).__name__})") from error
        return _read(response, seconds)

    def close(self) -> None:
        """Close the connections of this process."""
        with self._lock:
            if self._http is not None and self._process == os.getpid():
                self._http.close()
            self._http = None

    def _client(self) -> httpx.Client:
        """Connections of this very process: after a fork, the parent's are not ours to use or to close."""
        with self._lock:
            if self._http is None or self._process != os.getpid():
                self._http = httpx.Client(
                    headers={
                        "Authorization": f"Bearer {ensure_live_secret(self._config)}",
                        "Content-Type": "application/json",
                    },
                    limits=httpx.Limits(max_connections=None, max_keepalive_connections=CONNECTIONS),
                    trust_env=False,  # no proxy stands between us and this machine
                )
                self._process = os.getpid()
            return self._http


def _read(response: httpx.Response, seconds: float) -> LiveAnswer:
    match response.status_code:
        case 200:
            return LiveAnswer.of(_document(response))
        case 400:
            told = _document(response)
            if told["field"] == "lookup":
                raise LiveUnreachable("the live service is older than the API: it knows no such lookup")
            raise InvalidQuestion(told["field"], told["problem"], told["fix"])
        case 429:
            raise LiveBusy(float(response.headers.get("Retry-After", "1")))
        case 504:
            raise LiveTooSlow(f"no answer within {seconds:g} s")
        case 401:
            raise LiveUnreachable("the live service has another secret: LIVE_SECRET or DATA_DIR differ")
        case status:
            raise LiveUnreachable(f"the live service answers HTTP {status}")


def _document(response: httpx.Response) -> Any:
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError as error:
        raise LiveUnreachable("what answers on LIVE_PORT is no live service") from error
