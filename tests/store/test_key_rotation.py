"""Rotating the key: everything is encrypted again, and whoever works meanwhile notices nothing."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.exits import ExitBook, read_proxy
from store.identities import IdentityBook
from store.key_rotation import count_older, rotate
from store.secrets import Keyring
from tests.store.factories import NOON
from tests.store.identities.samples import add_guests


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(file=tmp_path / "secret.key")


def test_everything_comes_under_the_newest_key(engine: Engine, keyring: Keyring) -> None:
    exits, book = ExitBook(engine, keyring), IdentityBook(engine, keyring)
    guests = add_guests(book, exits.ensure_direct(NOON), 130)
    exits.sync("list", [read_proxy("http://user:password@10.0.0.1:80")], NOON)
    book.retire(guests[0].id)
    keyring.add_key()
    assert count_older(engine, keyring) == 130

    assert rotate(engine, keyring) == 130

    assert count_older(engine, keyring) == 0
    keyring.forget_old_keys()
    assert book.get(guests[-1].id, NOON).cookies == guests[-1].cookies
    assert exits.usable()[-1].url == "http://user:password@10.0.0.1:80"
    assert rotate(engine, keyring) == 0


def test_leases_and_saves_go_on_while_keys_are_rotated(engine: Engine, keyring: Keyring) -> None:
    guests = add_guests(IdentityBook(engine, keyring), ExitBook(engine, keyring).ensure_direct(NOON), 12)
    stop, troubles, rounds = threading.Event(), list[BaseException](), [0] * 3

    def crawl(number: int) -> None:
        book = IdentityBook(engine, Keyring(file=keyring.file))
        now = NOON
        try:
            while not stop.is_set():
                now += timedelta(seconds=1)
                held = book.lease(f"crawl-{number}", now, most=3)
                for identity in held:
                    identity.learn_token(f"{number}-{rounds[number]}", now)
                book.save_all(held, now)
                book.release(f"crawl-{number}", [identity.id for identity in held], now)
                rounds[number] += len(held)
        except BaseException as error:
            troubles.append(error)
            raise

    crawls = [threading.Thread(target=crawl, args=(number,)) for number in range(3)]
    for thread in crawls:
        thread.start()
    for _ in range(4):
        keyring.add_key()
        rotate(engine, keyring)
        assert count_older(engine, keyring) == 0
    stop.set()
    for thread in crawls:
        thread.join(60)

    assert troubles == []
    assert sum(rounds) > len(guests)
    keyring.forget_old_keys()
    book = IdentityBook(engine, keyring)
    assert all(book.get(guest.id, NOON).cookies for guest in guests)
