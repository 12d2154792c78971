"""What is remembered, for how long, and who waits for whom."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine

from store.queries import memory
from store.queries.memory import LONGEST_SECONDS, MANY, MOST, Memory
from store.queries.pages import Window
from store.queries.users import list_users
from store.upserts import write
from tests.store.factories import make_user


@dataclass(slots=True)
class Source:
    """Something that takes time, by a clock of its own."""

    seconds: float = 0.1
    rows: int = 1_000_000
    now: float = 1000.0
    asked: int = 0
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(lambda: self.now)

    def find(self) -> int:
        self.asked += 1
        self.now += self.seconds
        return self.asked

    def recall(self) -> int:
        return self.memory.recall("key", self.find, lambda _: self.rows)


def test_what_is_about_few_rows_is_found_each_time() -> None:
    source = Source(rows=MANY - 1)

    assert [source.recall() for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(("seconds", "lasting"), [(0.1, 10), (2.0, 100), (60.0, LONGEST_SECONDS)])
def test_what_is_about_many_rows_is_remembered_the_longer_the_more_it_cost(
    seconds: float, lasting: float
) -> None:
    source = Source(seconds)
    source.recall()

    source.now += lasting - 1
    assert source.recall() == 1
    source.now += 2
    assert source.recall() == 2


def test_others_get_the_old_answer_while_one_finds_the_new_one() -> None:
    source = Source(seconds=1.0)
    source.recall()
    source.now += 1000
    seen: list[int] = []

    def find() -> int:
        reader = threading.Thread(target=lambda: seen.append(source.recall()))
        reader.start()
        reader.join(timeout=10)
        return 7

    assert source.memory.recall("key", find, lambda _: MANY) == 7
    assert seen == [1]


def test_a_question_that_fails_is_asked_again() -> None:
    asked = Memory()

    with pytest.raises(ZeroDivisionError):
        asked.recall("key", lambda: 1 // 0, int)
    assert asked.recall("key", lambda: 5, int) == 5


def test_varying_a_filter_for_ever_fills_no_memory() -> None:
    asked = Memory()

    for number in range(3 * MOST):
        asked.recall(number, lambda: 1, lambda _: MANY)

    assert len(asked._answers) <= MOST  # it shows nowhere else


def test_the_total_of_a_short_list_is_exact_and_that_of_a_long_one_remembered(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def total() -> int:
        return list_users(sqlite_engine, 0, "followers", Window(limit=1), descending=True).total

    for count in (2, 3):
        write(sqlite_engine, [make_user(id=str(100 + count)), make_user(id="7")])
        assert total() == count
    monkeypatch.setattr(memory, "MANY", 2)
    assert total() == 3
    write(sqlite_engine, [make_user(id="200")])

    assert total() == 3
    # Where a page shows the end of the list, it knows better.
    assert list_users(sqlite_engine, 0, "followers", Window(limit=9), descending=True).total == 4
