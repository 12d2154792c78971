"""msTokens: the newest the site sent, seeds of the operator's, none that is stale, none invented."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine

from store.exits import Exit
from store.identities import IdentityBook
from store.secrets import Keyring
from tests.store.factories import NOON
from tests.store.identities.samples import DAY, add_guests, login_cookies, make_cookie, make_device
from tiktok.cookies import Cookie

MINUTE = timedelta(minutes=1)


def test_none_is_invented(book: IdentityBook, direct: Exit) -> None:
    add_guests(book, direct, 1)

    (leased,) = book.lease("a", NOON, most=1)

    assert leased.ms_token is None


def test_the_newest_counts_from_whatever_place_it_came(book: IdentityBook, direct: Exit) -> None:
    (guest,) = add_guests(book, direct, 1)

    guest.learn_token("from a header", NOON + MINUTE)
    guest.learn_cookies([make_cookie("msToken", "late, but older", set_at=NOON)])
    assert guest.ms_token == "from a header"
    guest.learn_cookies([make_cookie("msToken", "from a cookie", set_at=NOON + 2 * MINUTE)])

    assert guest.ms_token == "from a cookie"
    assert len([cookie for cookie in guest.cookies if cookie.name == "msToken"]) == 1


def test_a_dropped_one_does_not_come_back(book: IdentityBook, direct: Exit) -> None:
    (guest,) = add_guests(book, direct, 1)
    guest.learn_token("stale", NOON)
    book.save(guest, NOON)

    guest.drop_token(NOON + MINUTE)
    book.save(guest, NOON + MINUTE)

    assert guest.ms_token is None
    assert book.get(guest.id, NOON + MINUTE).ms_token is None
    guest.learn_token("new", NOON + 2 * MINUTE)
    book.save(guest, NOON + 2 * MINUTE)
    assert book.get(guest.id, NOON + 2 * MINUTE).ms_token == "new"


def test_the_same_value_again_does_not_make_it_younger(book: IdentityBook, direct: Exit) -> None:
    (guest,) = add_guests(book, direct, 1)
    guest.learn_token("token", NOON)

    guest.learn_token("token", NOON + DAY)

    assert guest.ms_token_expires_at == NOON + 10 * DAY


def test_it_is_scoped_as_its_neighbours(book: IdentityBook, direct: Exit) -> None:
    at_stand_in = book.add_guest(make_device(), direct.id, [make_cookie(domain="127.0.0.1")], NOON)
    bare = book.add_guest(make_device(), direct.id, [], NOON)
    for guest in (at_stand_in, bare):
        guest.learn_token("token", NOON)

    assert [_token(guest.cookies).domain for guest in (at_stand_in, bare)] == ["127.0.0.1", ".tiktok.com"]


def _token(cookies: list[Cookie]) -> Cookie:
    (token,) = [cookie for cookie in cookies if cookie.name == "msToken"]
    return token


def test_each_seed_goes_to_one_new_guest(engine: Engine, keyring: Keyring, direct: Exit) -> None:
    book = IdentityBook(engine, keyring, ["first", "second"])

    guests = add_guests(book, direct, 3)

    assert [guest.ms_token for guest in guests] == ["first", "second", None]
    assert [book.get(guest.id, NOON).ms_token for guest in guests] == ["first", "second", None]
    assert book.counts(NOON).unused_tokens == 0


def test_a_seed_that_comes_later_goes_to_a_guest_without_token_when_it_is_leased(
    book: IdentityBook, engine: Engine, keyring: Keyring, direct: Exit
) -> None:
    add_guests(book, direct, 2)
    account = book.import_account("main", login_cookies(), NOON, device=make_device(), exit_id=direct.id)
    later = IdentityBook(engine, keyring, ["seed"])
    assert later.counts(NOON).unused_tokens == 1

    leased = later.lease("a", NOON, most=9)

    assert sorted(identity.ms_token or "" for identity in leased) == ["", "", "seed"]
    assert later.get(account.id, NOON).ms_token is None


def test_a_seed_that_was_dropped_is_not_used_again(engine: Engine, keyring: Keyring, direct: Exit) -> None:
    book = IdentityBook(engine, keyring, ["seed"])
    (guest,) = add_guests(book, direct, 1)
    guest.drop_token(NOON)
    book.save(guest, NOON)

    (leased,) = book.lease("a", NOON + MINUTE, most=1)

    assert leased.ms_token is None


def test_seeds_are_given_once_though_many_ask_at_once(engine: Engine, keyring: Keyring, direct: Exit) -> None:
    seeds = [f"seed-{number}" for number in range(4)]
    book = IdentityBook(engine, keyring, seeds)

    with ThreadPoolExecutor(8) as pool:
        guests = list(
            pool.map(
                lambda seed: book.add_guest(make_device(seed), direct.id, [make_cookie()], NOON), range(8)
            )
        )

    given = [guest.ms_token for guest in guests if guest.ms_token]
    assert sorted(given) == seeds
