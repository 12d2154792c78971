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
FROM_BROWSERS = "takes_tokens_from_browsers"


def open_to_all(view: View) -> View:
    """Mark an endpoint that needs no credentials."""
    setattr(view, OPEN, True)
    return view


def for_browsers(view: View) -> View:
    """Mark an endpoint that takes the access token where a browser can put it, which sets no header on a stream.

    As the parameter `access_token`, or as the second of the subprotocols `bearer, <token>`. Nothing else takes it
    there: addresses are written into histories and logs.
    """
    setattr(view, FROM_BROWSERS, True)
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
        is_stream = hasattr(self.views[request.endpoint], FROM_BROWSERS)
        scheme, token, key = _shown(by_browsers=is_stream)
        g.client = self.identify(scheme, token, key)
        if is_stream:
            g.credentials, g.recheck = self._lasting(token, key)

    def identify(self, scheme: str, token: str, key: str) -> Client:
        """Read the credentials of the request."""
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

    def _lasting(self, token: str, key: str) -> tuple[str, Callable[[], Client]]:
        """How to ask again, outside of the request, whether good credentials still are; and a name for them.

        Of a token its session counts: it outlives the token.
        """
        if is_token(token):
            session_id = read_token(token.strip()).session_id
            return f"session {session_id}", lambda: client_of_session(self.engine, session_id, current.now())
        if shown := key or token.strip():
            return f"key {digest(shown)}", lambda: self._by_key(shown)
        return "none", lambda: OPERATOR

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


def _shown(*, by_browsers: bool) -> tuple[str, str, str]:
    """Scheme and token, and the API key, of the request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    key = request.headers.get("X-API-Key", "")
    if not by_browsers or scheme or key:
        return scheme, token, key
    words = [word.strip() for word in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    by_protocol = words[1] if len(words) == 2 and words[0].lower() == "bearer" else ""
    token = by_protocol or request.args.get("access_token", "")
    if token and not is_token(token):
        raise CredentialsRefused("access_token takes an access token only; an API key goes into X-API-Key")
    return "bearer" if token else "", token, ""
