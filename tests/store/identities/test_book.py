"""Identities in the database: kept, saved, settled, told of, and nothing secret told."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from store.errors import IdentityRefused, SecretUnreadable
from store.exits import Exit, ExitBook, ExitState, read_proxy
from store.identities import IdentityBook, IdentityKind, IdentityState, Settlement
from store.models.identities import EXITS, IDENTITIES, TOKEN_SEEDS
from store.secrets import Keyring
from tests.store.factories import NOON
from tests.store.identities.samples import DAY, add_guests, ids, login_cookies, make_cookie, make_device
from tiktok.aftermath import Cost
from tiktok.verdicts import Verdict

MINUTE = timedelta(minutes=1)


def test_a_guest_is_read_as_it_was_kept(book: IdentityBook, direct: Exit) -> None:
    cookies = [make_cookie(expires_at=NOON + 300 * DAY), make_cookie("tt_csrf_token", is_http_only=True)]

    kept = book.add_guest(make_device(), direct.id, cookies, NOON)

    assert book.get(kept.id, NOON) == kept
    assert (kept.kind, kept.exit_id, kept.cookies) == (IdentityKind.GUEST, direct.id, cookies)
    assert kept.device == make_device()
    assert not kept.is_logged_in


def test_the_cookie_behind_verify_fp_is_repeated_by_the_device(book: IdentityBook, direct: Exit) -> None:
    guest = book.add_guest(make_device(), direct.id, [make_cookie("s_v_web_id", "verify_abc")], NOON)

    assert guest.device.verify_fp == "verify_abc"


def test_an_account_is_logged_in_as_its_cookies_say(book: IdentityBook, direct: Exit) -> None:
    account = book.import_account("main", login_cookies(), NOON, device=make_device(), exit_id=direct.id)
    guestlike = book.import_account("other", [make_cookie()], NOON, device=make_device(), exit_id=direct.id)

    assert (account.is_logged_in, account.expires_at) == (True, NOON + 100 * DAY)
    assert (guestlike.is_logged_in, guestlike.kind) == (False, IdentityKind.ACCOUNT)


def test_new_cookies_for_a_known_label_keep_number_exit_and_device(
    book: IdentityBook, exits: ExitBook, direct: Exit
) -> None:
    old = book.import_account("main", login_cookies("old"), NOON, device=make_device(1), exit_id=direct.id)
    book.settle(old.id, Cost.COOL, NOON, verdict=Verdict.CAPTCHA)
    book.expire_login(old.id)
    exits.sync("list", [read_proxy("http://10.0.0.1:80")], NOON)
    device = replace(make_device(2), user_agent="Firefox")

    new = book.import_account("main", login_cookies("new"), NOON + DAY, device=device, exit_id=direct.id + 1)

    (leased,) = book.lease("a", NOON + DAY, most=5)
    assert leased == new
    assert (new.id, new.exit_id, new.device.device_id) == (old.id, direct.id, old.device.device_id)
    assert (new.device.user_agent, new.is_logged_in, new.health) == ("Firefox", True, 100)
    assert {cookie.value for cookie in new.cookies} == {"new", "new-ttwid"}


@pytest.mark.parametrize("label", ["", "x" * 65, "two\nlines", "\x1b[31m"])
def test_a_label_that_cant_be_shown_is_refused(book: IdentityBook, direct: Exit, label: str) -> None:
    with pytest.raises(IdentityRefused, match="choose another"):
        book.import_account(label, login_cookies(), NOON, device=make_device(), exit_id=direct.id)


def test_of_each_cookie_the_newest_is_kept_whoever_saves_last(book: IdentityBook, direct: Exit) -> None:
    (guest,) = add_guests(book, direct, 1)
    mine, theirs = book.get(guest.id, NOON), book.get(guest.id, NOON)
    mine.learn_cookies([make_cookie("odin_tt", "mine"), make_cookie("msToken", "new", set_at=NOON + MINUTE)])
    theirs.learn_cookies([make_cookie("tt_csrf_token", "theirs"), make_cookie("msToken", "old", set_at=NOON)])

    book.save(mine, NOON + MINUTE)
    book.save(theirs, NOON + MINUTE)

    values = {cookie.name: cookie.value for cookie in book.get(guest.id, NOON + MINUTE).cookies}
    assert values == {"ttwid": "guest-0", "odin_tt": "mine", "tt_csrf_token": "theirs", "msToken": "new"}


def test_many_are_saved_at_once(book: IdentityBook, direct: Exit) -> None:
    guests = add_guests(book, direct, 3)
    for guest in guests:
        guest.learn_token(f"token-{guest.id}", NOON)

    book.save_all(reversed(guests), NOON)

    assert [book.get(guest.id, NOON).ms_token for guest in guests] == [f"token-{g.id}" for g in guests]


def test_a_cookie_that_is_over_is_not_handed_out(book: IdentityBook, direct: Exit) -> None:
    cookies = [make_cookie(), make_cookie("_wafchallengeid", expires_at=NOON + timedelta(seconds=1))]
    guest = book.add_guest(make_device(), direct.id, cookies, NOON)

    assert len(book.get(guest.id, NOON).cookies) == 2
    assert len(book.get(guest.id, NOON + MINUTE).cookies) == 1


def test_a_login_that_runs_out_expires_the_identity(book: IdentityBook, direct: Exit) -> None:
    book.import_account(
        "main", login_cookies(ends_at=NOON + DAY), NOON, device=make_device(), exit_id=direct.id
    )

    (status,) = book.list_identities(NOON + DAY)

    assert status.state is IdentityState.EXPIRED
    assert book.lease("a", NOON + DAY, most=1) == []
    assert book.next_ready_at(NOON + DAY) is None


def test_a_login_the_site_rejects_rests_until_it_is_imported_anew(book: IdentityBook, direct: Exit) -> None:
    account = book.import_account("main", login_cookies(), NOON, device=make_device(), exit_id=direct.id)

    book.expire_login(account.id)

    (status,) = book.list_identities(NOON)
    assert (status.state, status.is_logged_in, status.reason) == (
        IdentityState.EXPIRED,
        False,
        "login_required",
    )
    assert book.lease("a", NOON, most=1) == []


def test_saving_does_not_bring_a_rejected_login_back(book: IdentityBook, direct: Exit) -> None:
    account = book.import_account("main", login_cookies(), NOON, device=make_device(), exit_id=direct.id)
    book.expire_login(account.id)

    book.save(account, NOON)

    (status,) = book.list_identities(NOON)
    assert (status.state, status.is_logged_in) == (IdentityState.EXPIRED, False)


def test_what_ends_within_a_week_is_due_for_renewal(book: IdentityBook, direct: Exit) -> None:
    for name, days in (("soon", 6), ("sooner", 2), ("later", 8), ("over", -1)):
        cookies = login_cookies(name, NOON + days * DAY)
        book.import_account(name, cookies, NOON - 2 * DAY, device=make_device(), exit_id=direct.id)
    add_guests(book, direct, 1)

    assert [account.label for account in book.due_accounts(NOON)] == ["sooner", "soon"]
    assert [account.label for account in book.due_accounts(NOON, everyone=True)] == [
        "sooner",
        "soon",
        "later",
    ]


def test_an_account_that_rests_is_due_as_well(book: IdentityBook, direct: Exit, engine: Engine) -> None:
    cookies = login_cookies("resting", NOON + 2 * DAY)
    book.import_account("resting", cookies, NOON, device=make_device(), exit_id=direct.id)
    with engine.begin() as connection:
        connection.execute(update(IDENTITIES).values(cooldown_until=NOON + DAY))

    assert [account.label for account in book.due_accounts(NOON)] == ["resting"]


def test_why_an_account_was_not_renewed_is_kept_until_it_is(book: IdentityBook, direct: Exit) -> None:
    cookies = login_cookies("main", NOON + 2 * DAY)
    account = book.import_account("main", cookies, NOON, device=make_device(), exit_id=direct.id)

    book.note_renewal(account.id, "captcha (captcha_json)")
    (failed,) = book.due_accounts(NOON)
    book.note_renewal(account.id, None)
    (renewed,) = book.due_accounts(NOON)

    assert failed.trouble == "captcha (captcha_json)"
    assert renewed.trouble is None


def test_a_renewed_login_is_not_due_any_more(book: IdentityBook, direct: Exit) -> None:
    account = book.import_account(
        "main", login_cookies(ends_at=NOON + 3 * DAY), NOON, device=make_device(), exit_id=direct.id
    )
    account.learn_cookies([make_cookie("sessionid", "renewed", expires_at=NOON + 180 * DAY)])

    book.save(account, NOON)

    assert book.due_accounts(NOON) == []


def test_a_retired_identity_is_forgotten_for_good(book: IdentityBook, direct: Exit, engine: Engine) -> None:
    guest, other = add_guests(book, direct, 2)

    book.retire(guest.id)
    book.save(guest, NOON)

    assert ids(book.lease("a", NOON, most=5)) == [other.id]
    with pytest.raises(IdentityRefused, match=f"no identity {guest.id};"):
        book.get(guest.id, NOON)
    with pytest.raises(IdentityRefused, match=f"no identity {guest.id};"):
        book.retire(guest.id)
    with engine.connect() as connection:
        wanted = select(IDENTITIES.c.sealed).where(IDENTITIES.c.id == guest.id)
        assert connection.scalar(wanted) == b""


def test_an_unknown_identity_is_told_so(book: IdentityBook) -> None:
    with pytest.raises(IdentityRefused, match="There is no identity 77; scrapy identity list shows all"):
        book.get(77, NOON)


def test_cooldowns_double_across_restarts(
    book: IdentityBook, direct: Exit, engine: Engine, keyring: Keyring
) -> None:
    (guest,) = add_guests(book, direct, 1)
    book.settle(guest.id, Cost.COOL, NOON, verdict=Verdict.CAPTCHA)
    engine.dispose()

    reopened = IdentityBook(engine, Keyring(file=keyring.file))
    assert reopened.lease("a", NOON + 14 * MINUTE, most=1) == []
    (leased,) = reopened.lease("a", NOON + 15 * MINUTE, most=1)
    standing = reopened.settle(guest.id, Cost.COOL, NOON + 15 * MINUTE, verdict=Verdict.CAPTCHA)

    assert (leased.rests, leased.streak, leased.health) == (1, 1, 80)
    assert standing.cooldown_until == NOON + 45 * MINUTE
    assert reopened.next_ready_at(NOON + 20 * MINUTE) == NOON + 45 * MINUTE


def test_settlements_of_several_identities_keep_their_order(book: IdentityBook, direct: Exit) -> None:
    first, second = ids(add_guests(book, direct, 2))

    def made(identity_id: int, cost: Cost, verdict: Verdict) -> Settlement:
        return Settlement(identity_id=identity_id, cost=cost, at=NOON, verdict=verdict)

    left = book.settle_all(
        [
            made(second, Cost.COOL, Verdict.BLOCKED),
            made(first, Cost.STREAK, Verdict.EMPTY),
            made(second, Cost.NONE, Verdict.OK),
        ]
    )

    assert [standing.health for standing in left] == [80, 90, 85]
    assert [status.streak for status in book.list_identities(NOON)] == [1, 0]


def test_counts_tell_identities_and_tokens_by_state(book: IdentityBook, direct: Exit) -> None:
    ready, cooling, dropped, retired, bare = add_guests(book, direct, 5)
    for guest in (ready, cooling, dropped, retired):
        guest.learn_token(f"token-{guest.id}", NOON)
        book.save(guest, NOON)
    book.settle(cooling.id, Cost.COOL, NOON, verdict=Verdict.RATE_LIMITED)
    dropped.drop_token(NOON)
    book.save(dropped, NOON)
    book.retire(retired.id)
    account = book.import_account("main", login_cookies(), NOON, device=make_device(), exit_id=direct.id)
    book.expire_login(account.id)
    book.lease("a", NOON, most=1)

    counts = book.counts(NOON)

    assert bare.ms_token is None
    assert (counts.ready, counts.leased, counts.cooling) == (3, 1, 1)
    assert (counts.expired, counts.retired, counts.logged_in) == (1, 1, 0)
    assert (counts.healthy_tokens, counts.cooling_tokens, counts.expired_tokens) == (1, 1, 1)


def test_tokens_end_with_their_cookie(book: IdentityBook, direct: Exit) -> None:
    (guest,) = add_guests(book, direct, 1)
    guest.learn_token("token", NOON)
    book.save(guest, NOON)

    after = book.counts(NOON + 10 * DAY)

    assert book.get(guest.id, NOON + 10 * DAY).ms_token is None
    assert (after.healthy_tokens, after.expired_tokens) == (0, 1)


def test_the_list_shows_what_cant_be_read_without_failing(
    book: IdentityBook, direct: Exit, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    add_guests(book, direct, 1)
    stranger = IdentityBook(engine, Keyring(file=tmp_path_factory.mktemp("other") / "secret.key"))

    (status,) = stranger.list_identities(NOON)

    assert (status.is_readable, status.critical) == (False, [])
    assert stranger.lease("a", NOON, most=1) == []
    with pytest.raises(SecretUnreadable):
        stranger.get(status.id, NOON)


def test_nothing_secret_is_in_representations_logs_or_the_database(
    book: IdentityBook,
    exits: ExitBook,
    direct: Exit,
    engine: Engine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.DEBUG)
    secrets = ["S3cretSession", "S3cretTtwid", "S3cretToken", "verify_S3cret", "S3cretPassword", "S3cretUser"]
    cookies = [
        make_cookie("sessionid", secrets[0]),
        make_cookie("ttwid", secrets[1]),
        make_cookie("s_v_web_id", secrets[3]),
    ]
    seeded = IdentityBook(engine, book.keyring, [secrets[2]])
    account = seeded.import_account("main", cookies, NOON, device=make_device(), exit_id=direct.id)
    guest = seeded.add_guest(make_device(), direct.id, cookies, NOON)
    exits.sync("list", [read_proxy(f"http://{secrets[5]}:{secrets[4]}@10.0.0.1:80")], NOON)
    leased = seeded.lease("a", NOON, most=2)
    seeded.save_all(leased, NOON)

    shown = [
        repr(thing)
        for thing in (
            account, guest, leased, account.device, account.cookies, seeded.list_identities(NOON),
            seeded.counts(NOON), exits.usable(), exits.status(), seeded.keyring, seeded,
        )
    ]  # fmt: skip
    shown.append(caplog.text)
    shown.append(dump(engine))
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)

    assert guest.ms_token == secrets[2]
    assert not [secret for secret in secrets for one in shown if secret in one]


def dump(engine: Engine) -> str:
    """Write down every value of every table, and on SQLite the bytes of the file."""
    with engine.connect() as connection:
        rows = [repr(connection.execute(select(table)).all()) for table in (IDENTITIES, EXITS, TOKEN_SEEDS)]
        if engine.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            rows += list(driver.iterdump())
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("rules", "rests"),
    [
        (("refusing_status", "refusal_page", "refusing_status"), True),
        (("refusing_status", "refusing_status", "captcha_page"), False),
        (("refusing_status", "refusing_status"), False),
    ],
    ids=["all", "one for another reason", "one not at all"],
)
def test_an_exit_rests_when_all_its_identities_were_turned_away(
    book: IdentityBook, exits: ExitBook, rules: tuple[str, ...], *, rests: bool
) -> None:
    exits.sync("list", [read_proxy("http://10.0.0.1:80")], NOON)
    (proxy,) = exits.usable()
    guests = add_guests(book, proxy, 3)

    for guest, rule in zip(guests, rules, strict=False):
        book.settle(guest.id, Cost.COOL, NOON, verdict=Verdict.BLOCKED, rule=rule)

    assert (exits.get(proxy.id).state is ExitState.COOLING) is rests
    assert (exits.next_probe_at() == NOON + MINUTE) is rests


def test_neither_the_direct_way_nor_one_of_a_single_identity_rests(
    book: IdentityBook, exits: ExitBook, direct: Exit
) -> None:
    exits.sync("list", [read_proxy("http://10.0.0.1:80")], NOON)
    (proxy,) = [way_out for way_out in exits.usable() if way_out.url]
    for way_out, count in ((direct, 3), (proxy, 1)):
        for guest in add_guests(book, way_out, count):
            book.settle(guest.id, Cost.COOL, NOON, verdict=Verdict.BLOCKED, rule="refusing_status")

    assert {way_out.id for way_out in exits.usable()} == {direct.id, proxy.id}
