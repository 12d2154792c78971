"""Counters: how they grow from day to day and how TikTok rounds them for display."""

from __future__ import annotations


def displayed(count: int) -> int:
    """Round as TikTok shows counters: exact below 10,000, then to 100, from 1,000,000 to 100,000."""
    if count < 10_000:
        return count
    step = 100 if count < 1_000_000 else 100_000
    return (count + step // 2) // step * step


def grown(peak: int, age_days: int) -> int:
    """Return how much of its final count a post has after so many days: a third at once, never all."""
    return peak * (age_days + 1) // (age_days + 3)


def followed(base: int, day: int, pace: int) -> int:
    """Return followers on a day, growing by `pace` per ten thousand and day."""
    return base + base * pace * day // 10_000
