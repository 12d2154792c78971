"""Books of identities and exits on both databases, with a key of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.exits import Exit, ExitBook
from store.identities import IdentityBook
from store.secrets import Keyring
from tests.store.factories import NOON


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(file=tmp_path / "secret.key")


@pytest.fixture
def exits(engine: Engine, keyring: Keyring) -> ExitBook:
    return ExitBook(engine, keyring)


@pytest.fixture
def direct(exits: ExitBook) -> Exit:
    return exits.ensure_direct(NOON)


@pytest.fixture
def book(engine: Engine, keyring: Keyring) -> IdentityBook:
    return IdentityBook(engine, keyring)
