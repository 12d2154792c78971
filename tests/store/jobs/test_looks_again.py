"""Posts under review are crawled again hours later, three times, and then believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from store.jobs.looks_again import make_looks_again
from store.jobs.results import read_results
from store.models import OutcomeRow
from store.models.jobs import JOBS
from store.upserts import write
from tiktok.aftermath import LOOK_AGAIN_AFTER
from tiktok.outcomes import Outcome

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
POST = "7106594312292453675"
OTHER = "7106594312292453676"


def end(engine: Engine, at: datetime, target: str = POST, outcome: str = "unavailable") -> None:
    again_at = at + LOOK_AGAIN_AFTER if outcome == "unavailable" else None
    ended = Outcome(
        operation="video", kind="video", target=target, outcome=outcome, reason="", again_at=again_at, at=at
    )
    write(engine, [], [ended])


def die(*_: object) -> None:
    raise SystemExit


def jobs(engine: Engine) -> list[list[str | None]]:
    """The targets of each job that was made."""
    with engine.connect() as connection:
        made = connection.execute(select(JOBS.c.id, JOBS.c.kind).order_by(JOBS.c.id)).all()
    assert {kind for _, kind in made} <= {"video"}
    return [[result.target for result in read_results(engine, job_id)] for job_id, _ in made]


def test_nobody_looks_again_before_it_is_time(engine: Engine) -> None:
    end(engine, NOON)

    assert make_looks_again(engine, NOON + LOOK_AGAIN_AFTER - timedelta(seconds=1), 10) == 0
    assert jobs(engine) == []


def test_those_that_are_due_become_one_job_once(engine: Engine) -> None:
    end(engine, NOON)
    end(engine, NOON, OTHER)
    end(engine, NOON, "7106594312292453677", "private")

    assert make_looks_again(engine, NOON + LOOK_AGAIN_AFTER, 10) == 2
    assert make_looks_again(engine, NOON + LOOK_AGAIN_AFTER, 10) == 0
    assert jobs(engine) == [[POST, OTHER]]


def test_after_three_looks_it_is_believed(engine: Engine) -> None:
    looks = [NOON + number * LOOK_AGAIN_AFTER for number in range(5)]

    for moment in looks:
        end(engine, moment)
        make_looks_again(engine, moment + LOOK_AGAIN_AFTER, 10)

    assert jobs(engine) == [[POST]] * 3


def test_a_post_that_came_back_begins_anew(engine: Engine) -> None:
    for moment, outcome in ((0, "unavailable"), (1, "unavailable"), (2, "ok"), (3, "unavailable")):
        end(engine, NOON + moment * LOOK_AGAIN_AFTER, outcome=outcome)

    with engine.connect() as connection:
        row = connection.execute(select(OutcomeRow.times, OutcomeRow.first_seen_at)).one()
    assert tuple(row) == (1, NOON + 3 * LOOK_AGAIN_AFTER)


def test_whoever_dies_after_making_the_job_leaves_it_to_be_found(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    end(engine, NOON)
    with monkeypatch.context() as patch:
        patch.setattr("store.jobs.looks_again.in_transaction", die)
        with pytest.raises(SystemExit):
            make_looks_again(engine, NOON + LOOK_AGAIN_AFTER, 10)

    make_looks_again(engine, NOON + LOOK_AGAIN_AFTER, 10)

    assert jobs(engine) == [[POST]]
