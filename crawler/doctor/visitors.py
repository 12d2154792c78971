"""Who asks and where from: identities, their cookies' ends, msTokens, exits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine

from crawler.doctor.findings import Finding, State
from store.config import Config
from store.errors import StoreError
from store.exits import ExitBook, refresh_exits
from store.exits.exit import ExitState, ExitStatus
from store.identities import IdentityBook
from store.identities.identity import IdentityStatus
from store.models.identities import IdentityKind, IdentityState
from store.secrets import Keyring


def look_at_visitors(config: Config, engine: Engine, now: datetime) -> Iterator[Finding]:
    """Tell of every identity and exit that is not retired."""
    keyring = Keyring.load(config)
    exits = ExitBook(engine, keyring)
    yield _proxies(config, exits, now)
    yield from (_exit(status) for status in exits.status())
    book = IdentityBook(engine, keyring, config.ms_tokens)
    living = [one for one in book.list_identities(now) if one.state is not IdentityState.RETIRED]
    if not living:
        yield Finding(
            "identities", "none", State.OFF, "a crawl makes guests; scrapy identity import adds yours"
        )
    yield from (_identity(status, now) for status in living)
    counts = book.counts(now)
    tokens = (
        f"{counts.healthy_tokens} healthy, {counts.cooling_tokens} resting, {counts.expired_tokens} expired"
    )
    unused = f", {counts.unused_tokens} of MS_TOKENS unused" if config.ms_tokens else ""
    state = State.WORKS if counts.healthy_tokens else State.OFF
    yield Finding("identities", "msToken", state, tokens + unused)


def _proxies(config: Config, exits: ExitBook, now: datetime) -> Finding:
    if not config.enable_proxy:
        refresh_exits(exits, config, now)
        return Finding("exits", "proxies", State.OFF, "ENABLE_PROXY is false")
    try:
        refresh_exits(exits, config, now)
    except StoreError as error:
        return Finding("exits", "proxies", State.FAILED, str(error))
    usable = sum(way_out.url is not None for way_out in exits.usable())
    return Finding("exits", "proxies", State.WORKS if usable else State.FAILED, f"{usable} can be used")


def _exit(status: ExitStatus) -> Finding:
    state = {ExitState.READY: State.WORKS, ExitState.OFF: State.OFF}.get(status.state, State.FAILED)
    words = [str(status.state), f"{status.identities} identities"]
    return Finding("exits", status.name, state, ", ".join([*words, *filter(None, [status.reason])]))


def _identity(status: IdentityStatus, now: datetime) -> Finding:
    name = f"{status.id} {status.label}"
    if not status.is_readable:
        return Finding(
            "identities", name, State.FAILED, "its key is not here; bring secret.key or SECRET_KEYS"
        )
    words = [status.kind + (", logged in" if status.is_logged_in else ""), f"health {status.health}"]
    if status.state is not IdentityState.READY:
        words.append(str(status.state))
    if status.reason and (status.state is not IdentityState.READY or status.is_due(now)):
        words.append(status.reason)
    ends = status.expires_at
    if ends is not None:
        words.append(
            f"{'login' if status.is_logged_in else 'ttwid'} ends {ends:%Y-%m-%d}, {_days(ends, now)}"
        )
    return Finding("identities", name, _state(status, now), ", ".join(words))


def _state(status: IdentityStatus, now: datetime) -> State:
    is_account = status.kind is IdentityKind.ACCOUNT
    if status.state is IdentityState.EXPIRED:
        return State.FAILED if is_account else State.SOON
    if status.is_due(now):
        return State.SOON
    return State.WORKS if status.state is IdentityState.READY else State.SOON


def _days(ends: datetime, now: datetime) -> str:
    days = (ends - now).days
    return f"{days} days left" if days >= 0 else "over"
