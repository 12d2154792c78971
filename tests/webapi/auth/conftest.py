"""The guard asks the database each time, so that a test need not wait."""

from __future__ import annotations

import pytest

from webapi.auth import guard


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "REMEMBERED_SECONDS", -1.0)
