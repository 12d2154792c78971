"""What is known of a thing after it was seen twice. Pure: rows in, rows out."""

from __future__ import annotations

from store.upserts.shapes import Row, Shape
from tiktok.items import VideoKind, display_round


def overlay(shape: Shape, base: Row, top: Row) -> Row:
    """Merge two rows of one thing: what `top` knows wins, what it does not tell stays as in `base`.

    Exceptions: a display-rounded counter does not replace an exact one that rounds to it; `video`, which is what a
    post is called when nothing else is told, does not replace `photo` or `story`; and with a price goes all that
    was quoted with the one before, or a discount would outlive its end.
    """
    merged = [old if new is None else new for old, new in zip(base, top, strict=True)]
    if shape.kind and merged[shape.kind] == VideoKind.VIDEO:
        merged[shape.kind] = base[shape.kind]
    if top[shape.offer] and top[shape.offer.start] is not None:
        merged[shape.offer] = top[shape.offer]
    if base[shape.counters] != top[shape.counters]:
        _settle_counters(shape, base, top, merged)
    elif shape.item_type.counters:
        exact = shape.counters.stop
        merged[exact] = base[exact] | top[exact]
    return merged


def _settle_counters(shape: Shape, base: Row, top: Row, merged: Row) -> None:
    first, exact = shape.counters.start, shape.counters.stop
    mask = 0
    for position in range(first, exact):
        bit = 1 << (position - first)
        old, new = base[position], top[position]
        if new is None:
            mask |= base[exact] & bit
        elif top[exact] & bit:
            mask |= bit
        elif base[exact] & bit and old is not None and new in (old, display_round(old)):
            merged[position] = old
            mask |= bit
    merged[exact] = mask


def merge_batch(shape: Shape, rows: list[Row]) -> dict[str | int, Row]:
    """Make one row of all that a batch says about one thing, and sort by key.

    All writers lock rows in this order, which is why they do not wait for one another in a circle.
    """
    merged: dict[str | int, Row] = {}
    for row in rows:
        known = merged.get(row[0])
        if known is None:
            merged[row[0]] = row
        elif row[shape.seen] >= known[shape.seen]:
            merged[row[0]] = overlay(shape, known, row)
        else:
            merged[row[0]] = overlay(shape, row, known)
    return dict(sorted(merged.items()))
