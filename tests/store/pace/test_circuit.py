"""When a circuit opens, what passes while it is open, and what closes it."""

from __future__ import annotations

import pytest

from store.pace.circuit import Circuit, Note

NOON = 1_000_000.0


def notes(refused: int, answered: int, *, identities: int = 3, at: float = NOON) -> list[Note]:
    return [
        Note(str(number % identities), "gated" if number < refused else None, at, is_probe=False)
        for number in range(refused + answered)
    ]


def probe(*, is_refused: bool, at: float) -> list[Note]:
    return [Note("1", "gated" if is_refused else None, at, is_probe=True)]


@pytest.fixture
def opened() -> Circuit:
    circuit = Circuit()
    circuit.take(notes(20, 0), NOON)
    return circuit


def test_it_remembers_what_most_were_told() -> None:
    circuit = Circuit()
    circuit.take([Note(str(number), "captcha", NOON, is_probe=False) for number in range(9)], NOON)
    circuit.take(notes(20, 0), NOON)

    assert Circuit.from_text(circuit.to_text()).verdict == "gated"


@pytest.mark.parametrize(
    ("refused", "answered", "identities", "opens"),
    [
        (13, 7, 3, True),
        (12, 8, 3, False),  # 60 %, not more
        (19, 0, 3, False),  # too few answers
        (20, 0, 2, False),  # too few identities
        (60, 39, 5, True),
    ],
)
def test_it_opens_when_most_requests_of_several_identities_are_refused(
    refused: int, answered: int, identities: int, opens: bool
) -> None:
    circuit = Circuit()

    circuit.take(notes(refused, answered, identities=identities), NOON)

    assert circuit.is_open(NOON) is opens


def test_what_was_seen_more_than_five_minutes_ago_counts_no_more() -> None:
    circuit = Circuit()

    circuit.take(notes(10, 0), NOON)
    circuit.take(notes(10, 0, at=NOON + 320), NOON + 320)

    assert not circuit.is_open(NOON + 320)
    assert circuit.tally(NOON + 320).samples == 10


def test_it_counts_the_same_whether_told_at_once_or_bit_by_bit() -> None:
    at_once, bit_by_bit = Circuit(), Circuit()
    answers = notes(13, 7)

    at_once.take(answers, NOON)
    for answer in answers:
        bit_by_bit.take([answer], NOON)
        bit_by_bit = Circuit.from_text(bit_by_bit.to_text())

    assert bit_by_bit == at_once


def test_it_says_why(opened: Circuit) -> None:
    assert opened.why == "20 of 20 requests refused, to 3 or more identities"


def test_one_probe_a_minute_passes(opened: Circuit) -> None:
    seconds = [second for second in range(200) if opened.claim_probe(NOON + second)]

    assert seconds == [60, 120, 180]


def test_the_first_probe_that_is_answered_closes_it(opened: Circuit) -> None:
    opened.take(probe(is_refused=False, at=NOON + 61), NOON + 61)

    assert not opened.is_open(NOON + 61)
    assert opened.tally(NOON + 61).samples == 0


def test_a_refused_probe_keeps_it_open(opened: Circuit) -> None:
    opened.take(probe(is_refused=True, at=NOON + 240), NOON + 240)

    assert opened.is_open(NOON + 539)
    assert not opened.is_open(NOON + 540)


def test_late_answers_to_what_was_sent_before_change_nothing(opened: Circuit) -> None:
    opened.take(notes(0, 5, at=NOON + 2), NOON + 2)

    assert opened.is_open(NOON + 2)


def test_it_closes_by_itself_when_nobody_probes(opened: Circuit) -> None:
    assert opened.is_open(NOON + 299)
    assert not opened.is_open(NOON + 300)


def test_a_clock_set_back_does_not_keep_it_open_for_hours(opened: Circuit) -> None:
    assert not opened.is_open(NOON - 3600)


def test_a_busy_endpoint_needs_little_space() -> None:
    circuit = Circuit()

    for second in range(600):
        circuit.take(notes(10, 10, identities=500, at=NOON + second), NOON + second)

    assert len(circuit.to_text()) < 2_000
