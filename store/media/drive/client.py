"""Requests to Drive: at the allowed pace, tried again while that may help, from any thread."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import googleapiclient
from google.auth.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import Resource, build_from_document
from googleapiclient.http import HttpRequest, build_http

from store.media.drive.answers import ERRORS, understand
from store.media.drive.chunks import send
from store.media.drive.patience import Patience
from store.media.drive.units import Cost, Units

GOOGLE = "https://www.googleapis.com"
SILENCE_SECONDS = 120
"""A connection that says nothing for so long is dead."""
IDS_AT_ONCE = 100
_DOCUMENT = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents" / "drive.v3.json"

Make = Callable[[Any], HttpRequest]
"""Builds a request from the service, which each thread has its own of: httplib2 knows no threads."""


class DriveClient:
    """One account's way to Drive."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        base_url: str = GOOGLE,
        units_per_minute: int = 100_000,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.credentials = credentials
        self._sleep = sleep
        self._units = Units(units_per_minute, sleep=sleep)
        self._document = _document(base_url)
        self._own = threading.local()
        self._opened: list[Resource] = []
        self._ids: deque[str] = deque()
        # Two: whoever fetches ids may have to make a service for its thread first.
        self._ids_lock = threading.Lock()
        self._opened_lock = threading.Lock()

    def call(self, make: Make, cost: Cost) -> dict[str, Any]:
        """Send a request until it is answered; raise what `answers` makes of a failure."""
        patience = Patience(self._sleep)
        while True:
            self._units.take(cost)
            try:
                return make(self._service()).execute(num_retries=0) or {}
            except ERRORS as error:
                patience.wait_after(understand(error))

    def upload(self, make: Make, *, session: str | None, keep: Callable[[str], None]) -> dict[str, Any]:
        """Send a file in chunks, from where a session stopped."""
        self._units.take(Cost.WRITE)
        return send(make(self._service()), Patience(self._sleep), session=session, keep=keep)

    def new_id(self) -> str:
        """Return an id for something that will be made: made twice, it is refused instead of doubled."""
        with self._ids_lock:
            if not self._ids:
                answer = self.call(
                    lambda service: service.files().generateIds(count=IDS_AT_ONCE, space="drive"), Cost.OTHER
                )
                self._ids.extend(answer["ids"])
            return self._ids.popleft()

    def pages(self, **query: Any) -> Iterator[dict[str, Any]]:
        """Give what a list finds, over all its pages, of which any may be empty."""
        token: str | None = ""
        while token is not None:
            wanted = query | ({"pageToken": token} if token else {})
            page = self.call(lambda service: service.files().list(**wanted), Cost.LIST)  # noqa: B023  # called at once
            yield from page.get("files", [])
            token = page.get("nextPageToken")

    def close(self) -> None:
        """Close all connections."""
        with self._opened_lock:
            for service in self._opened:
                service.close()
            self._opened.clear()

    def _service(self) -> Any:
        if not hasattr(self._own, "service"):
            http = build_http()
            http.timeout = SILENCE_SECONDS
            authorized = AuthorizedHttp(self.credentials, http=http)
            self._own.service = build_from_document(self._document, http=authorized)
            with self._opened_lock:
                self._opened.append(self._own.service)
        return self._own.service


def _document(base_url: str) -> dict[str, Any]:
    """Return Google's own description of the API, led elsewhere if wanted."""
    document: dict[str, Any] = json.loads(_DOCUMENT.read_bytes())
    document["rootUrl"] = f"{base_url}/"
    document["baseUrl"] = f"{base_url}/{document['servicePath']}"
    document.pop("mtlsRootUrl", None)
    return document
