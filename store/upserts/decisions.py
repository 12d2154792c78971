"""What to write for each row of a batch, given what is stored. Pure: rows in, rows out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from store.upserts.merging import overlay
from store.upserts.shapes import Row, Shape
from store.upserts.stored import Stored


@dataclass(slots=True)
class Counts:
    """How many of a batch's things were what."""

    new: int = 0
    changed: int = 0
    """Anything but an expiring link differs."""
    unchanged: int = 0


@dataclass(slots=True)
class Plan:
    """All that has to be written for one table's rows of a batch."""

    counts: Counts = field(default_factory=Counts)
    inserts: list[Row] = field(default_factory=list)
    """Rows with `first_seen_at` and `changed_at` behind them."""
    updates: list[Row] = field(default_factory=list)
    """The same, for rows that exist."""
    touched: dict[str, list[str | int]] = field(default_factory=dict)
    """`scraped_at` → keys of rows where nothing else is new."""
    history: list[Row] = field(default_factory=list)
    """Key, time, offer, counters, `exact_counters`."""
    revived: list[str | int] = field(default_factory=list)
    """Keys of posts that were marked as gone and are back."""
    retagged: list[tuple[int, str | None, str | None]] = field(default_factory=list)
    """Post, its hashtags before and now (JSON), where they differ."""


def make_plan(shape: Shape, rows: Mapping[str | int, Row], stored: Mapping[str | int, Stored]) -> Plan:
    """Decide about every row."""
    plan = Plan()
    for key, row in rows.items():
        known = stored.get(key)
        if known is None:
            _plan_insert(shape, plan, row)
        else:
            _plan_update(shape, plan, row, known)
    return plan


def _plan_insert(shape: Shape, plan: Plan, row: Row) -> None:
    plan.counts.new += 1
    plan.inserts.append([*row, row[shape.seen], row[shape.seen]])
    if any(value is not None for value in row[shape.readings]):
        plan.history.append(_history(shape, row))
    _plan_hashtags(shape, plan, None, row)


def _plan_update(shape: Shape, plan: Plan, row: Row, known: Stored) -> None:
    old, seen = known.row, shape.seen
    is_late = row[seen] < old[seen]
    if is_late:  # an older sight only fills holes; its links have expired sooner than the stored ones
        merged = overlay(shape, row, old)
        merged[seen + 1 :] = old[seen + 1 :]
    else:
        merged = overlay(shape, old, row)
    is_back = not is_late and _is_back(shape, row, known)
    if is_back:
        plan.revived.append(row[0])
    if is_back or merged[: shape.route] != old[: shape.route]:
        plan.counts.changed += 1
        plan.updates.append([*merged, merged[seen], merged[seen]])
        if merged[shape.readings] != old[shape.readings]:
            plan.history.append(_history(shape, merged))
        _plan_hashtags(shape, plan, old, merged)
        return
    plan.counts.unchanged += 1
    if any(value is not None for value in merged[seen + 1 :]):
        plan.updates.append([*merged, merged[seen], known.changed_at])
    elif merged[seen] != old[seen]:
        plan.touched.setdefault(merged[seen], []).append(row[0])


def _is_back(shape: Shape, row: Row, known: Stored) -> bool:
    """Tell whether a post marked as gone was seen again, and not as a mere shell."""
    if known.outcome is None or not shape.revives or any(row[flag] for flag in shape.flags):
        return False
    return bool(row[shape.seen] > (known.outcome_at or ""))


def _history(shape: Shape, row: Row) -> Row:
    return [row[0], row[shape.seen], *row[shape.readings], row[shape.readings.stop]]


def _plan_hashtags(shape: Shape, plan: Plan, old: Row | None, new: Row) -> None:
    if shape.tags is None:
        return
    before = old[shape.tags] if old else None
    if before != new[shape.tags]:
        plan.retagged.append((new[0], before, new[shape.tags]))
