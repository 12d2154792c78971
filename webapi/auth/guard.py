"""Stands before every endpoint that is not marked as open, and finds out who asks.

What is found is remembered for two seconds, so a revoked credential, or a token that has ended, is refused everywhere
after at most these. To check a token's signature each time took a quarter of a quick answer.
"""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, g, request
from sqlalchemy import Engine

from store.clients.book import client_by_api_key
from store.clients.client import OPERATOR, Client
from store.clients.errors import CredentialsRefused
from store.clients.secrets import digest
from store.clients.sessions import client_of_session
from store.config import Config
from webapi import current
from webapi.auth.tokens import is_token, read_token

logger = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])

REMEMBERED_SECONDS = 2.0
MOST_REMEMBERED = 10_000
OPEN = "is_open_to_all"


def open_to_all(view: View) -> View:
    """Mark an endpoint that needs no credentials."""
    setattr(view, OPEN, True)
    return view


class Guard:
    """Lets in who shows a good token or key."""

    def __init__(self, app: Flask, engine: Engine, config: Config) -> None:
        self.engine = engine
        self.is_required = config.auth_required
        self.own_keys = [digest(key) for key in config.api_keys]
        self.views = app.view_functions
        self._known: dict[str, tuple[float, Client]] = {}
        self._lock = threading.Lock()
        app.before_request(self.check)
        if not self.is_required:
            logger.warning("AUTH_REQUIRED=false: EVERYBODY who reaches this API may do EVERYTHING")

    def check(self) -> None:
        """Find out who asks; raise `CredentialsRefused`. Where there is no endpoint, there is nothing to guard."""
        if not request.endpoint or getattr(self.views[request.endpoint], OPEN, False):
            return
        g.client = self.identify()

    def identify(self) -> Client:
        """Read the credentials of the request."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        key = request.headers.get("X-API-Key", "")
        if scheme and key:
            raise CredentialsRefused("Authorization and X-API-Key were both given; send one")
        if key:
            return self._remembered(f"key {digest(key)}", lambda: self._by_key(key))
        if scheme.lower() == "bearer" and not is_token(token):
            # Programs that know no other header, Prometheus for one, send their key like this.
            return self._remembered(f"key {digest(token.strip())}", lambda: self._by_key(token.strip()))
        if scheme.lower() == "bearer":
            return self._remembered(f"token {digest(token.strip())}", lambda: self._by_token(token.strip()))
        if scheme or self.is_required:
            raise CredentialsRefused("Send Authorization: Bearer with an access token, or X-API-Key")
        return OPERATOR

    def _by_key(self, key: str) -> Client:
        shown = digest(key)
        if any(hmac.compare_digest(shown, own) for own in self.own_keys):
            return OPERATOR
        return client_by_api_key(self.engine, key)

    def _by_token(self, token: str) -> Client:
        return client_of_session(self.engine, read_token(token).session_id, current.now())

    def _remembered(self, name: str, find: Callable[[], Client]) -> Client:
        now = time.monotonic()
        until, client = self._known.get(name, (0.0, OPERATOR))
        if until > now:
            return client
        client = find()
        with self._lock:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[name] = (now + REMEMBERED_SECONDS, client)
        return client
