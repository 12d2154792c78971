"""Devices, cookies and identities for tests; a test states only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from store.exits import Exit
from store.identities import Identity, IdentityBook
from tests.store.factories import NOON
from tiktok.cookies import Cookie
from tiktok.devices import Device

DAY = timedelta(days=1)


def make_device(seed: int = 1) -> Device:
    return Device.random(Random(seed))  # noqa: S311  # the same one each time


def make_cookie(name: str = "ttwid", value: str = "v", **more: object) -> Cookie:
    return replace(Cookie(name=name, value=value, set_at=NOON), **more)  # type: ignore[arg-type]  # fields by name


def login_cookies(value: str = "session", ends_at: datetime = NOON + 100 * DAY) -> list[Cookie]:
    return [make_cookie("sessionid", value, expires_at=ends_at), make_cookie(value=f"{value}-ttwid")]


def add_guests(book: IdentityBook, exit_: Exit, count: int, now: datetime = NOON) -> list[Identity]:
    return [
        book.add_guest(make_device(seed), exit_.id, [make_cookie(value=f"guest-{seed}")], now)
        for seed in range(count)
    ]


def ids(identities: list[Identity]) -> list[int]:
    return [identity.id for identity in identities]
