"""What a failure does to an exit: probed when it fails too often, then resting, each time twice as long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from store.exits.exit import ExitState

FAILURES_BEFORE_PROBE = 3
FAILURE_WINDOW = timedelta(minutes=5)
"""So many in a row within this time, and the exit is probed (facts D.2)."""
FIRST_REST = timedelta(seconds=60)
LONGEST_REST = timedelta(hours=6)
_SETTLED = (ExitState.RETIRED, ExitState.OFF, ExitState.REFUSED)
"""No failure changes these."""


def after_failure(row: Row[Any], now: datetime, *, is_refused: bool, is_probe: bool) -> dict[str, Any]:
    """Say which columns change; `state` is always among them."""
    state = ExitState(row.state)
    if state in _SETTLED:
        return {"state": state.value}
    if is_refused:
        return {"state": ExitState.REFUSED.value, "probed_until": None}
    return _after_probe(row, now) if is_probe else _after_request(row, state, now)


def _after_probe(row: Row[Any], now: datetime) -> dict[str, Any]:
    # Beyond 2**20 even a second is longer than the cap.
    rest = min(FIRST_REST * 2.0 ** min(row.rests, 20), LONGEST_REST)
    return {
        "state": ExitState.COOLING.value,
        "failures": row.failures + 1,
        "rests": row.rests + 1,
        "cooldown_until": now + rest,
        "probed_until": None,
    }


def _after_request(row: Row[Any], state: ExitState, now: datetime) -> dict[str, Any]:
    in_window = row.failing_since is not None and now - row.failing_since <= FAILURE_WINDOW
    failures = row.failures + 1 if in_window else 1
    if state is ExitState.READY and failures >= FAILURES_BEFORE_PROBE:
        state = ExitState.PROBING
    return {
        "state": state.value,
        "failures": failures,
        "failing_since": row.failing_since if in_window else now,
    }
