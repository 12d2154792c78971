"""What each answer does to an identity."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.identities.health import Settlement, Standing, settled
from tests.store.factories import NOON
from tiktok.aftermath import Cost
from tiktok.verdicts import PERMANENT, Verdict

FRESH = Standing(health=100, streak=0, rests=0, cooldown_until=None, reason=None)
MINUTE = timedelta(minutes=1)


def answer(
    cost: Cost,
    verdict: Verdict,
    at: datetime = NOON,
    rule: str | None = None,
    retry_after: float | None = None,
) -> Settlement:
    return Settlement(
        identity_id=1, cost=cost, at=at, verdict=verdict, rule=rule, retry_after_seconds=retry_after
    )


def rests_of(verdict: Verdict, count: int, retry_after: float | None = None) -> list[timedelta]:
    """The cooldowns that follow `count` refusals, each right after the cooldown before."""
    standing, now, rests = FRESH, NOON, []
    for _ in range(count):
        standing = settled(standing, answer(Cost.COOL, verdict, now, retry_after=retry_after))
        assert standing.cooldown_until
        rests.append(standing.cooldown_until - now)
        now = standing.cooldown_until
    return rests


def test_a_rate_limit_rests_a_minute_and_twice_as_long_each_time() -> None:
    assert rests_of(Verdict.RATE_LIMITED, 5) == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE]


def test_a_captcha_rests_a_quarter_of_an_hour_and_twice_as_long_each_time() -> None:
    assert rests_of(Verdict.CAPTCHA, 3) == [15 * MINUTE, 30 * MINUTE, 60 * MINUTE]


@pytest.mark.parametrize("verdict", [Verdict.CAPTCHA, Verdict.BLOCKED])
def test_no_rest_is_longer_than_six_hours(verdict: Verdict) -> None:
    assert rests_of(verdict, 100)[-1] == timedelta(hours=6)


def test_retry_after_takes_the_place_of_the_first_minute_and_doubles_too() -> None:
    assert rests_of(Verdict.RATE_LIMITED, 3, retry_after=20) == [MINUTE / 3, MINUTE * 2 / 3, MINUTE * 4 / 3]


def test_retry_after_is_kept_even_beyond_six_hours_but_not_for_ever() -> None:
    assert rests_of(Verdict.RATE_LIMITED, 1, retry_after=8 * 3600) == [timedelta(hours=8)]
    assert rests_of(Verdict.RATE_LIMITED, 1, retry_after=1e18) == [timedelta(hours=24)]
    assert rests_of(Verdict.RATE_LIMITED, 1, retry_after=-5) == [timedelta(seconds=1)]


def test_the_third_refusal_in_a_row_rests() -> None:
    standings = [FRESH]
    for _ in range(4):
        standings.append(settled(standings[-1], answer(Cost.STREAK, Verdict.EMPTY, rule="empty_body")))

    assert [standing.cooldown_until for standing in standings] == [
        None, None, None, NOON + MINUTE, NOON + 2 * MINUTE,
    ]  # fmt: skip
    assert [standing.streak for standing in standings] == [0, 1, 2, 3, 4]
    assert standings[-1].reason == "empty_body"


def test_a_small_cost_is_no_refusal_in_a_row() -> None:
    standing = FRESH
    for _ in range(10):
        standing = settled(standing, answer(Cost.SMALL, Verdict.BLOCKED))

    assert (standing.streak, standing.cooldown_until, standing.health) == (0, None, 80)


@pytest.mark.parametrize("verdict", [Verdict.OK, *sorted(PERMANENT)])
def test_an_answer_mends_also_when_the_target_is_dead(verdict: Verdict) -> None:
    tired = replace(FRESH, health=40, streak=2, rests=3, reason="empty")

    assert settled(tired, answer(Cost.NONE, verdict)) == replace(FRESH, health=45)


@pytest.mark.parametrize("verdict", [Verdict.NETWORK, Verdict.GATED, Verdict.NO_DATA, Verdict.WAF_CHALLENGE])
def test_what_says_nothing_of_the_identity_changes_nothing(verdict: Verdict) -> None:
    tired = replace(FRESH, health=40, streak=2, rests=3, cooldown_until=NOON, reason="empty")

    assert settled(tired, answer(Cost.NONE, verdict)) == tired


def test_after_an_answer_the_doubling_begins_anew() -> None:
    tired = replace(FRESH, rests=5)

    mended = settled(tired, answer(Cost.NONE, Verdict.OK))

    assert settled(mended, answer(Cost.COOL, Verdict.RATE_LIMITED)).cooldown_until == NOON + MINUTE


def test_a_shorter_rest_never_cuts_a_longer_one() -> None:
    resting = replace(FRESH, cooldown_until=NOON + timedelta(hours=2))

    assert settled(resting, answer(Cost.COOL, Verdict.BLOCKED)).cooldown_until == NOON + timedelta(hours=2)


@given(st.lists(st.tuples(st.sampled_from(Cost), st.sampled_from(Verdict)), max_size=60))
def test_health_stays_in_bounds_and_only_answers_mend(answers: list[tuple[Cost, Verdict]]) -> None:
    standings = [FRESH]
    for cost, verdict in answers:
        standings.append(settled(standings[-1], answer(cost, verdict)))

    assert all(0 <= standing.health <= 100 for standing in standings)
    for (before, after), (cost, _) in zip(pairwise(standings), answers, strict=True):
        assert after.health <= before.health or cost is Cost.NONE
