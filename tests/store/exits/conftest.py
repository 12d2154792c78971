"""A book of exits on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.exits import ExitBook
from store.secrets import Keyring


@pytest.fixture
def exits(engine: Engine, tmp_path: Path) -> ExitBook:
    return ExitBook(engine, Keyring(file=tmp_path / "secret.key"))
