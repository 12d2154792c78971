"""One holder per identity: in order, for a time, across processes, on both databases."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Engine

from store.exits import Exit, ExitBook, read_proxy
from store.identities import IdentityBook
from tests.store.factories import NOON
from tests.store.identities.samples import add_guests, ids, login_cookies, make_cookie, make_device
from tiktok.aftermath import Cost
from tiktok.verdicts import Verdict

ROOT = Path(__file__).parents[3]
MINUTE = timedelta(minutes=1)
CROWD = 8
ROUNDS = 20
HOLDER = Path(__file__).with_name("lease_holder.py")


def test_the_healthiest_and_longest_rested_come_first(book: IdentityBook, direct: Exit) -> None:
    tired, used, unused, used_before = ids(add_guests(book, direct, 4))
    book.settle(tired, Cost.SMALL, NOON - MINUTE, verdict=Verdict.BLOCKED)
    book.settle(used, Cost.NONE, NOON, verdict=Verdict.OK)
    book.settle(used_before, Cost.NONE, NOON - MINUTE, verdict=Verdict.OK)

    order = [ids(book.lease("a", NOON, most=1))[0] for _ in range(4)]

    assert order == [unused, used_before, used, tired]


def test_what_one_holds_no_other_gets(book: IdentityBook, direct: Exit) -> None:
    guests = ids(add_guests(book, direct, 3))

    first, second, third = (ids(book.lease(holder, NOON, most=2)) for holder in "abc")

    assert sorted(first + second) == guests
    assert (len(first), len(second), third) == (2, 1, [])


def test_a_holder_never_gets_twice_what_it_holds(book: IdentityBook, direct: Exit) -> None:
    add_guests(book, direct, 1)

    assert len(book.lease("a", NOON, most=5)) == 1
    assert book.lease("a", NOON, most=5) == []


def test_what_is_released_can_be_leased_again(book: IdentityBook, direct: Exit) -> None:
    (guest,) = add_guests(book, direct, 1)
    book.lease("a", NOON, most=1)

    book.release("b", [guest.id], NOON)
    assert book.lease("c", NOON, most=1) == []
    book.release("a", [guest.id], NOON)

    assert ids(book.lease("c", NOON, most=1)) == [guest.id]


def test_the_lease_of_a_dead_holder_runs_out(book: IdentityBook, direct: Exit) -> None:
    add_guests(book, direct, 1)
    book.lease("dead", NOON, most=1, seconds=60)

    assert book.lease("heir", NOON + timedelta(seconds=59), most=1) == []
    assert book.next_ready_at(NOON) == NOON + MINUTE
    assert len(book.lease("heir", NOON + MINUTE, most=1)) == 1


def test_a_renewed_lease_lasts_and_a_lost_one_is_told(book: IdentityBook, direct: Exit) -> None:
    kept, lost, retired = ids(add_guests(book, direct, 3))
    book.lease("a", NOON, most=3)
    book.release("a", [lost], NOON)
    book.lease("b", NOON, most=1)
    book.retire(retired)

    still_held = book.renew_leases("a", [kept, lost, retired], NOON + MINUTE / 2)

    assert still_held == [kept]
    assert ids(book.lease("c", NOON + MINUTE, most=5)) == [lost]


def test_a_late_renewal_counts_unless_somebody_else_was_faster(book: IdentityBook, direct: Exit) -> None:
    first, second = ids(add_guests(book, direct, 2))
    book.lease("late", NOON, most=2)
    book.lease("faster", NOON + 2 * MINUTE, most=1)

    assert book.renew_leases("late", [first, second], NOON + 2 * MINUTE) == [second]


def test_only_usable_identities_are_leased(book: IdentityBook, exits: ExitBook, direct: Exit) -> None:
    ready, cooling, retired = ids(add_guests(book, direct, 3))
    book.settle(cooling, Cost.COOL, NOON, verdict=Verdict.RATE_LIMITED)
    book.retire(retired)
    exits.sync("list", [read_proxy("http://10.0.0.1:80")], NOON)
    proxy = exits.find("10.0.0.1:80")
    assert proxy
    behind_dead_proxy = book.add_guest(make_device(), proxy.id, [make_cookie()], NOON)
    for _ in range(3):
        exits.note_failure(proxy.id, NOON, reason="timeout")

    assert ids(book.lease("a", NOON, most=9)) == [ready]
    assert ids(book.lease("a", NOON + MINUTE, most=9)) == [ready, cooling]

    exits.note_success(proxy.id, NOON + MINUTE)
    assert ids(book.lease("b", NOON + MINUTE, most=9)) == [behind_dead_proxy.id]


def test_those_with_a_login_and_those_without_can_be_asked_for(book: IdentityBook, direct: Exit) -> None:
    (guest,) = add_guests(book, direct, 1)
    account = book.import_account("main", login_cookies(), NOON, device=make_device(), exit_id=direct.id)

    assert ids(book.lease("a", NOON, most=9, login=True)) == [account.id]
    assert ids(book.lease("a", NOON, most=9, login=False)) == [guest.id]
    book.settle(account.id, Cost.COOL, NOON, verdict=Verdict.CAPTCHA)
    assert book.next_ready_at(NOON, login=False) == NOON + MINUTE
    assert book.next_ready_at(NOON, login=True) == NOON + 15 * MINUTE


def test_the_next_moment_minds_cooldown_and_exit(book: IdentityBook, exits: ExitBook, direct: Exit) -> None:
    assert book.next_ready_at(NOON) is None
    (guest,) = add_guests(book, direct, 1)
    assert book.next_ready_at(NOON) == NOON
    book.settle(guest.id, Cost.COOL, NOON, verdict=Verdict.RATE_LIMITED)
    assert book.next_ready_at(NOON) == NOON + MINUTE
    exits.note_failure(direct.id, NOON + MINUTE, reason="timeout", is_probe=True)
    assert book.next_ready_at(NOON) == NOON + 2 * MINUTE
    exits.note_success(direct.id, NOON)
    for _ in range(3):
        exits.note_failure(direct.id, NOON, reason="timeout")
    assert book.next_ready_at(NOON + MINUTE) == NOON + MINUTE + timedelta(seconds=5)
    exits.note_failure(direct.id, NOON, reason="407", is_refused=True)
    assert book.next_ready_at(NOON) is None


def start_holder(engine: Engine, book: IdentityBook, name: str, rounds: int) -> subprocess.Popen[str]:
    assert book.keyring.file
    url = engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, str(HOLDER), url, str(book.keyring.file), name, str(rounds)],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_eight_processes_never_hold_the_same_identity_at_once(
    book: IdentityBook, direct: Exit, engine: Engine
) -> None:
    guests = add_guests(book, direct, 12)
    crowd = [start_holder(engine, book, f"holder-{number}", ROUNDS) for number in range(CROWD)]

    reports = [process.communicate(timeout=120)[0] for process in crowd]

    assert [process.returncode for process in crowd] == [0] * CROWD
    spans: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for line in "".join(reports).splitlines():
        identity_id, taken, given_back = line.split()
        spans[int(identity_id)].append((float(taken), float(given_back)))
    assert set(spans) == set(ids(guests))
    assert sum(map(len, spans.values())) > CROWD * ROUNDS
    overlaps = [
        (identity_id, before, after)
        for identity_id, held in spans.items()
        for before, after in pairwise(sorted(held))
        if after[0] < before[1]
    ]
    assert overlaps == []


def test_what_a_killed_process_held_is_taken_over(book: IdentityBook, direct: Exit, engine: Engine) -> None:
    guests = ids(add_guests(book, direct, 3))
    process = start_holder(engine, book, "victim", 0)
    assert process.stdout
    assert process.stdout.readline() == "holding 3\n"

    process.kill()
    process.communicate(timeout=30)

    now = datetime.now(UTC)
    assert book.lease("heir", now, most=9) == []
    assert sorted(ids(book.lease("heir", now + timedelta(seconds=61), most=9))) == guests
