"""Exits in the database: chosen, probed, resting, refused, retired with what is bound to them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from store.exits import Exit, ExitBook, ExitState, Proxy, read_proxy
from store.identities import IdentityBook, IdentityState
from store.models.identities import EXITS
from tests.store.factories import NOON
from tests.store.identities.samples import make_cookie, make_device

MINUTE = timedelta(minutes=1)
URLS = [f"http://user:password@10.0.0.{number}:80" for number in (1, 2, 3)]


def proxies(*urls: str) -> list[Proxy]:
    return [read_proxy(url) for url in urls or URLS]


def add_proxy(exits: ExitBook, url: str = URLS[0]) -> Exit:
    exits.sync("list", proxies(url), NOON)
    (proxy,) = [exit_ for exit_ in exits.usable() if exit_.url == url]
    return proxy


def state_of(exits: ExitBook, exit_id: int) -> ExitState:
    return exits.get(exit_id).state


def test_the_direct_way_is_made_once(exits: ExitBook) -> None:
    first, again = exits.ensure_direct(NOON), exits.ensure_direct(NOON + MINUTE)

    assert first == again
    assert (first.name, first.url, first.state) == ("direct", None, ExitState.READY)


def test_proxies_are_kept_with_their_credentials_encrypted(exits: ExitBook) -> None:
    exits.sync("list", proxies(), NOON)

    assert [exit_.url for exit_ in exits.usable()] == URLS
    with exits.engine.connect() as connection:
        rows = repr(connection.execute(select(EXITS)).all())
    assert "password" not in rows + repr(exits.usable()) + repr(exits.status())


def test_taking_over_the_same_list_again_changes_nothing(exits: ExitBook) -> None:
    exits.sync("list", proxies(), NOON)
    exits.note_failure(exits.usable()[0].id, NOON, reason="timeout")
    before = exits.status()

    exits.sync("list", proxies(), NOON + MINUTE)

    assert exits.status() == before


def test_round_robin_takes_each_in_turn(exits: ExitBook) -> None:
    exits.ensure_direct(NOON)
    exits.sync("list", proxies(), NOON)

    chosen = [exits.choose("round-robin", NOON + n * MINUTE) for n in range(5)]

    assert [exit_.url for exit_ in chosen if exit_] == [*URLS, *URLS[:2]]


def test_first_takes_the_first_that_is_usable(exits: ExitBook) -> None:
    exits.sync("list", proxies(), NOON)
    first = exits.choose("first", NOON)
    assert first
    exits.note_failure(first.id, NOON, reason="407", is_refused=True)

    second = exits.choose("first", NOON)

    assert (first.url, second and second.url) == (URLS[0], URLS[1])


def test_random_takes_all_sooner_or_later(exits: ExitBook) -> None:
    exits.sync("list", proxies(), NOON)

    chosen = {exit_.url for _ in range(60) if (exit_ := exits.choose("random", NOON))}

    assert chosen == set(URLS)


def test_the_direct_way_is_taken_only_without_proxies(exits: ExitBook) -> None:
    direct = exits.ensure_direct(NOON)
    proxy = add_proxy(exits)
    assert exits.choose("first", NOON) == proxy
    assert exits.choose("first", NOON, avoid={proxy.id}) is None
    exits.note_failure(proxy.id, NOON, reason="407", is_refused=True)

    assert exits.choose("first", NOON) == direct
    exits.switch("direct", is_on=False)
    assert exits.choose("first", NOON) is None


def test_three_failures_in_a_row_within_five_minutes_call_for_a_probe(exits: ExitBook) -> None:
    proxy = add_proxy(exits)

    states = [exits.note_failure(proxy.id, NOON + n * MINUTE, reason="timeout") for n in range(3)]

    assert states == [ExitState.READY, ExitState.READY, ExitState.PROBING]
    assert exits.usable() == []


def test_failures_apart_or_with_a_success_between_call_for_none(exits: ExitBook) -> None:
    proxy = add_proxy(exits)
    for n in range(3):
        exits.note_failure(proxy.id, NOON + n * 6 * MINUTE, reason="timeout")
    exits.note_success(proxy.id, NOON + 13 * MINUTE)
    for n in range(2):
        exits.note_failure(proxy.id, NOON + (14 + n) * MINUTE, reason="timeout")

    assert state_of(exits, proxy.id) is ExitState.READY


def test_one_prober_gets_an_exit_and_another_one_when_it_died(exits: ExitBook) -> None:
    proxy = add_proxy(exits)
    for _ in range(3):
        exits.note_failure(proxy.id, NOON, reason="timeout")

    assert [exit_.id for exit_ in exits.due_probes(NOON)] == [proxy.id]
    assert exits.due_probes(NOON + MINUTE) == []
    assert [exit_.id for exit_ in exits.due_probes(NOON + 2 * MINUTE)] == [proxy.id]


def test_a_failed_probe_cools_twice_as_long_each_time_and_at_most_six_hours(exits: ExitBook) -> None:
    proxy, now, rests = add_proxy(exits), NOON, []
    for _ in range(12):
        exits.note_failure(proxy.id, now, reason="timeout", is_probe=True)
        until = exits.get(proxy.id).cooldown_until
        assert until
        assert exits.next_probe_at() == until
        assert exits.due_probes(until - timedelta(seconds=1)) == []
        rests.append(until - now)
        now = until

    assert rests[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert rests[-1] == timedelta(hours=6)
    assert [exit_.id for exit_ in exits.due_probes(now)] == [proxy.id]


def test_a_probe_that_comes_through_forgets_everything(exits: ExitBook) -> None:
    proxy = add_proxy(exits)
    exits.note_failure(proxy.id, NOON, reason="timeout", is_probe=True)

    exits.note_success(proxy.id, NOON + MINUTE)

    (status,) = exits.status()
    assert (status.state, status.failures, status.cooldown_until, status.reason) == (
        ExitState.READY,
        0,
        None,
        None,
    )
    assert exits.next_probe_at() is None


def test_wrong_credentials_stop_an_exit_until_they_change(exits: ExitBook) -> None:
    proxy = add_proxy(exits)

    exits.note_failure(proxy.id, NOON, reason="407", is_refused=True)
    exits.note_success(proxy.id, NOON)
    exits.sync("list", proxies(URLS[0]), NOON)
    assert state_of(exits, proxy.id) is ExitState.REFUSED
    assert exits.due_probes(NOON + timedelta(days=1)) == []

    exits.sync("list", proxies("http://user:better@10.0.0.1:80"), NOON)
    assert state_of(exits, proxy.id) is ExitState.READY
    assert exits.get(proxy.id).url == "http://user:better@10.0.0.1:80"


def test_a_deleted_proxy_is_retired_with_its_identities(exits: ExitBook) -> None:
    book = IdentityBook(exits.engine, exits.keyring)
    exits.sync("list", proxies(), NOON)
    exits.sync("webshare", proxies("http://10.9.9.9:80"), NOON)
    gone, kept, _, foreign = exits.usable()
    guests = [book.add_guest(make_device(), one.id, [make_cookie()], NOON) for one in (gone, kept, foreign)]

    exits.sync("list", proxies(*URLS[1:]), NOON + MINUTE)

    states = [status.state for status in book.list_identities(NOON)]
    assert states == [IdentityState.RETIRED, IdentityState.READY, IdentityState.READY]
    assert [one.id for one in book.lease("a", NOON, most=9)] == [guests[1].id, guests[2].id]
    assert state_of(exits, gone.id) is ExitState.RETIRED
    assert gone.name not in {status.name for status in exits.status()}


def test_a_proxy_that_two_sources_name_is_one(exits: ExitBook) -> None:
    exits.sync("list", proxies(URLS[0]), NOON)
    exits.sync("webshare", proxies(URLS[0], URLS[1]), NOON)
    assert [status.source for status in exits.status()] == ["list", "webshare"]

    exits.switch("list", is_on=False)
    exits.sync("webshare", proxies(URLS[0], URLS[1]), NOON)

    assert [(status.source, status.state) for status in exits.status()] == [("webshare", ExitState.READY)] * 2


def test_a_dead_proxy_cools_its_identities_until_it_is_back(exits: ExitBook) -> None:
    book = IdentityBook(exits.engine, exits.keyring)
    proxy = add_proxy(exits)
    book.add_guest(make_device(), proxy.id, [make_cookie()], NOON)
    for _ in range(3):
        exits.note_failure(proxy.id, NOON, reason="timeout")

    assert [status.state for status in book.list_identities(NOON)] == [IdentityState.COOLING]
    assert book.counts(NOON).cooling == 1
    exits.note_success(proxy.id, NOON)
    assert [status.state for status in book.list_identities(NOON)] == [IdentityState.READY]


def test_a_proxy_that_comes_back_is_used_again_without_its_old_identities(exits: ExitBook) -> None:
    book = IdentityBook(exits.engine, exits.keyring)
    proxy = add_proxy(exits)
    book.add_guest(make_device(), proxy.id, [make_cookie()], NOON)
    exits.sync("list", [], NOON)

    assert add_proxy(exits) == proxy
    assert book.lease("a", NOON, most=9) == []


@pytest.mark.parametrize(
    ("name", "is_found"),
    [
        ("http://10.0.0.1:80", True),
        ("10.0.0.1:80", True),
        ("direct", True),
        ("10.0.0.4:80", False),
        ("gate.example:80", False),
        ("", False),
    ],
)
def test_an_exit_is_found_by_name_where_that_is_one(exits: ExitBook, name: str, is_found: bool) -> None:
    exits.ensure_direct(NOON)
    gateway = [f"http://user-{number}:password@gate.example:80" for number in (1, 2)]
    exits.sync("list", proxies(*URLS, *gateway), NOON)

    assert bool(exits.find(name)) is is_found


def test_the_status_tells_how_all_are_in_their_order(exits: ExitBook) -> None:
    book = IdentityBook(exits.engine, exits.keyring)
    direct = exits.ensure_direct(NOON)
    exits.sync("list", proxies(*reversed(URLS)), NOON)
    book.add_guest(make_device(), direct.id, [make_cookie()], NOON)
    exits.note_success(direct.id, NOON)

    first, *others = exits.status()

    assert (first.name, first.identities, first.last_used_at) == ("direct", 1, NOON)
    assert [status.name.partition("~")[0][-4:] for status in others] == ["3:80", "2:80", "1:80"]
