"""Sessions of TikTok that clients lend to the crawls: each client sees its own, and never a cookie's value.

A session is an account among the identities. All crawls ask with it, whosever they are, so only who may be trusted
adds one. Whose it is stands in front of its label.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Engine

from store.clients.client import Client, Role
from store.config import Config
from store.errors import IdentityRefused, ProxiesUnavailable
from store.exits import ExitBook, refresh_exits
from store.identities import IdentityBook, IdentityKind, IdentityState, IdentityStatus
from store.identities.imports import cookie_site, device_of
from store.secrets import Keyring
from tiktok.cookie_formats import Paste, Refusal, read_cookies, warnings_about
from tiktok.cookies import CRITICAL
from tiktok.errors import UnreadableCookies
from webapi.services.errors import Missing, Unavailable, Unusable
from webapi.services.plans import require_paid_plan

LONGEST_NAME = 40
"""With the client in front of it, it fits into an identity's label."""
SEPARATOR = "/"


@dataclass(frozen=True, slots=True)
class Session:
    """An account, and what its client calls it."""

    name: str
    status: IdentityStatus


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a paste."""

    session: Session
    is_new: bool
    taken: int
    refusals: Sequence[Refusal]
    warnings: Sequence[str]


class AccountSessions:
    """The sessions of one client."""

    def __init__(self, engine: Engine, config: Config, client: Client) -> None:
        self._config = config
        self._client = client
        keyring = Keyring.load(config)
        self._exits = ExitBook(engine, keyring)
        self._identities = IdentityBook(engine, keyring)

    def add(self, name: str, cookies: Any, user_agent: str | None, now: datetime) -> Added:
        """Keep cookies under a name. A name that is known gets them in place of its old ones.

        Raises `Forbidden` for clients of the free plan, `Unusable` for cookies that nobody can ask with.
        """
        require_paid_plan(self._client)
        paste = self._read(cookies, now)
        try:
            account = self._identities.import_account(
                self._label(name),
                paste.cookies,
                now,
                device=device_of(paste.cookies, user_agent or self._config.user_agent),
                exit_id=self._choose_exit(now),
            )
        except IdentityRefused as error:
            raise Unusable(f"account_name: {error}") from error
        return Added(
            session=self.find(account.id, now),
            is_new=account.created_at == now,
            taken=len(paste.cookies),
            refusals=paste.refusals,
            warnings=warnings_about(paste.cookies),
        )

    def all(self, now: datetime) -> list[Session]:
        """The client's own; who runs the installation sees everybody's."""
        statuses = self._identities.list_identities(now, IdentityKind.ACCOUNT)
        return [
            Session(self._name(status.label), status)
            for status in statuses
            if status.state is not IdentityState.RETIRED and self._may_see(status.label)
        ]

    def find(self, session_id: int, now: datetime) -> Session:
        """One of them; raises `Missing`."""
        for session in self.all(now):
            if session.status.id == session_id:
                return session
        raise Missing(f"there is no session {session_id}")

    def remove(self, session_id: int, now: datetime) -> Session:
        """Never ask with it again, and forget its cookies; raises `Missing`."""
        session = self.find(session_id, now)
        self._identities.retire(session.status.id, f"removed by {self._client.id}")
        return session

    def _read(self, cookies: Any, now: datetime) -> Paste:
        text = cookies if isinstance(cookies, str) else orjson.dumps(cookies)
        try:
            paste = read_cookies(text, now, site=cookie_site(self._config))
        except UnreadableCookies as error:
            raise Unusable(str(error)) from error
        if not any(cookie.name in CRITICAL for cookie in paste.cookies):
            reasons = "".join(f"; {refusal.name} {refusal.reason}" for refusal in paste.refusals[:3])
            raise Unusable(f"cookies: none of {', '.join(CRITICAL)} can be used{reasons}")
        return paste

    def _choose_exit(self, now: datetime) -> int:
        with suppress(ProxiesUnavailable):  # those that are known still hold
            refresh_exits(self._exits, self._config, now)
        chosen = self._exits.choose(self._config.proxy_algorithm, now)
        if chosen is None:
            raise Unavailable("no exit is usable at present, and an account is bound to one")
        return chosen.id

    def _label(self, name: str) -> str:
        return f"{self._client.id}{SEPARATOR}{name}"

    def _name(self, label: str) -> str:
        return label.removeprefix(self._label(""))

    def _may_see(self, label: str) -> bool:
        return label.startswith(self._label("")) or Role.ADMIN in self._client.roles
