from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.identities import ANY, IdentityPool, NobodyMayAsk, Stopped, Wanted
from store.identities import Identity, Settlement
from tests.crawler.pools import open_books, open_pool
from tiktok.aftermath import Cost
from tiktok.verdicts import Verdict

TINY = 1 / 900
"""A captcha's rest of 15 minutes lasts a second."""


def captcha(identity: Identity) -> Settlement:
    return Settlement(
        identity_id=identity.id, cost=Cost.COOL, at=datetime.now(UTC), verdict=Verdict.CAPTCHA, rule="captcha"
    )


async def test_each_identity_has_one_request_in_flight(pool: IdentityPool) -> None:
    taken = [await pool.take() for _ in range(4)]
    fifth = asyncio.create_task(pool.take())
    await asyncio.sleep(0.1)
    was_waiting = not fifth.done()

    await pool.give_back(taken[2])

    assert len({identity.id for identity in taken}) == 4
    assert was_waiting
    assert (await fifth).id == taken[2].id
    assert pool.pause is None


async def test_who_waits_longest_is_served_first(pool: IdentityPool) -> None:
    taken = [await pool.take() for _ in range(4)]
    waiting = [asyncio.create_task(pool.take()) for _ in range(3)]
    await asyncio.sleep(0.5)

    await pool.give_back(taken[0])
    await asyncio.sleep(0.01)
    served = [task.done() for task in waiting]
    for task in waiting[1:]:
        task.cancel()

    assert served == [True, False, False]


async def test_two_crawls_at_once_never_share_an_identity(database_url: str, tmp_path: Path) -> None:
    async with open_pool(database_url, tmp_path) as one, open_pool(database_url, tmp_path) as other:
        taken = await asyncio.gather(one.take(), other.take(), one.take(), other.take())

    assert len({identity.id for identity in taken}) == 4


async def test_a_crawl_that_others_leave_nothing_gets_a_guest_of_its_own(
    database_url: str, tmp_path: Path
) -> None:
    async with open_pool(database_url, tmp_path, guests=2) as one, open_pool(database_url, tmp_path) as other:
        other.supply.guests = 2
        taken = [await one.take(), await one.take()]

        own = await asyncio.wait_for(other.take(), 1)

    assert own.id not in {identity.id for identity in taken}


async def test_a_captcha_lets_its_identity_rest_and_another_ask(pool: IdentityPool) -> None:
    first = await pool.take()

    await pool.give_back(first, captcha(first))
    second = await pool.take()

    assert second.id != first.id
    assert first.cooldown_until is not None
    assert first.cooldown_until > datetime.now(UTC)


async def test_resting_identities_are_not_replaced_by_ever_new_guests(pool: IdentityPool) -> None:
    for _ in range(4):
        identity = await pool.take()
        await pool.give_back(identity, captcha(identity))

    assert not await pool.has(ANY)
    assert len(pool.book.list_identities(datetime.now(UTC))) == 4


async def test_who_has_no_time_is_told_that_all_rest_and_until_when(pool: IdentityPool) -> None:
    for _ in range(4):
        identity = await pool.take()
        await pool.give_back(identity, captcha(identity))

    with pytest.raises(NobodyMayAsk, match="all identities are resting") as told:
        await asyncio.wait_for(pool.take(has_time=False), 30)

    judgement = told.value.judgement
    assert (judgement.verdict, judgement.rule) == (Verdict.BLOCKED, "nobody_may_ask")
    assert judgement.retry_after_seconds
    assert 0 < judgement.retry_after_seconds <= 900


async def test_who_has_no_time_still_waits_for_one_under_way(database_url: str, tmp_path: Path) -> None:
    async with open_pool(database_url, tmp_path, guests=1) as pool:
        only = await pool.take()
        waiting = asyncio.create_task(pool.take(has_time=False))
        await asyncio.sleep(0.1)

        await pool.give_back(only)

        assert (await asyncio.wait_for(waiting, 30)).id == only.id


async def test_one_that_nobody_wants_any_more_is_for_others(database_url: str, tmp_path: Path) -> None:
    async with open_pool(database_url, tmp_path, guests=1, idle_seconds=0.2) as pool:
        only = await pool.take()
        await pool.give_back(only)

        async with asyncio.timeout(60):
            while pool.book.counts(datetime.now(UTC)).leased:  # noqa: ASYNC110  # nothing tells of it
                await asyncio.sleep(0.05)

        assert (await pool.take()).id == only.id


async def test_a_crawl_pauses_and_goes_on_when_an_identity_has_rested(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "crawler.identities")
    async with open_pool(database_url, tmp_path, guests=1, rest_factor=TINY) as pool:
        only = await pool.take()
        await pool.give_back(only, captcha(only))

        waiting = asyncio.create_task(pool.take())
        while (pause := pool.pause) is None and not waiting.done():  # noqa: ASYNC110  # nothing tells of it
            await asyncio.sleep(0.01)
        again = await asyncio.wait_for(waiting, 30)

    assert pause is not None
    assert pause.reason == "all identities are resting (captcha)"
    assert pause.until is not None
    assert again.id == only.id
    assert pool.pause is None
    said = [record.getMessage() for record in caplog.records]
    assert said[0].startswith("Paused: all identities are resting (captcha), until ")
    assert said[1].startswith("Going on after a pause of ")


async def test_a_paused_crawl_goes_on_with_an_identity_that_is_added(
    database_url: str, tmp_path: Path
) -> None:
    async with open_pool(database_url, tmp_path, guests=1) as pool:
        only = await pool.take()
        await pool.give_back(only, captcha(only))
        waiting = asyncio.create_task(pool.take())
        async with asyncio.timeout(10):
            while pool.pause is None:  # noqa: ASYNC110  # a pause is a value, not an event
                await asyncio.sleep(0.01)

        with open_books(database_url, tmp_path) as books:
            added = books.add_account()
        taken = await asyncio.wait_for(waiting, 8)

    assert taken.id == added.id != only.id


async def test_without_rests_an_identity_asks_on(database_url: str, tmp_path: Path) -> None:
    async with open_pool(database_url, tmp_path, guests=1, rest_factor=0.0) as pool:
        only = await pool.take()
        await pool.give_back(only, captcha(only))

        again = await asyncio.wait_for(pool.take(Wanted(avoid={only.id})), 1)

    assert again.id == only.id


async def test_one_to_avoid_is_passed_over_for_one_that_is_busy(database_url: str, tmp_path: Path) -> None:
    async with open_pool(database_url, tmp_path, guests=2) as pool:
        avoided, other = await pool.take(), await pool.take()
        waiting = asyncio.create_task(pool.take(Wanted(avoid={avoided.id})))
        await pool.give_back(avoided)
        await asyncio.sleep(0.1)
        was_waiting = not waiting.done()

        await pool.give_back(other)

        assert was_waiting
        assert (await waiting).id == other.id


async def test_costs_are_known_to_the_next_crawl(database_url: str, tmp_path: Path) -> None:
    async with open_pool(database_url, tmp_path) as pool:
        identity = await pool.take()
        await pool.give_back(identity, captcha(identity))

    with open_books(database_url, tmp_path) as books:
        (status,) = books.identities.list_identities(datetime.now(UTC))
    assert (status.state, status.reason, status.health, status.is_leased) == ("cooling", "captcha", 80, False)


async def test_an_identity_that_was_retired_is_not_used_again(pool: IdentityPool) -> None:
    identity = await pool.take()
    await pool.give_back(identity)

    pool.book.retire(identity.id)
    await pool._renew()  # what happens every twenty seconds

    assert (await pool.take()).id != identity.id


async def test_nobody_waits_for_an_identity_when_the_crawl_ends(database_url: str, tmp_path: Path) -> None:
    is_stopping = False
    async with open_pool(database_url, tmp_path, guests=1, is_stopping=lambda: is_stopping) as pool:
        only = await pool.take()
        await pool.give_back(only, captcha(only))
        waiting = asyncio.create_task(pool.take())
        await asyncio.sleep(0.1)

        is_stopping = True

        with pytest.raises(Stopped):
            await asyncio.wait_for(waiting, 8)


async def test_where_a_login_is_wanted_one_more_is_held_and_nobody_is_born(
    database_url: str, tmp_path: Path
) -> None:
    async with open_pool(database_url, tmp_path, most=1) as pool:
        guest = await pool.take()
        had_one = await pool.has(Wanted(login=True))
        with open_books(database_url, tmp_path) as books:
            account = books.add_account(sessionid="a-login-of-somebody")
        pool._barren_until[True] = 0.0  # two seconds later

        has_one = await pool.has(Wanted(login=True))
        taken = await pool.take(Wanted(login=True))

        assert (had_one, has_one) == (False, True)
        assert taken.id == account.id != guest.id
        assert len(pool.book.list_identities(datetime.now(UTC))) == 2


async def test_where_no_login_is_to_be_had_another_identity_asks(pool: IdentityPool) -> None:
    assert (await asyncio.wait_for(pool.take(Wanted(login=True)), 1)).is_logged_in is False


async def test_for_want_of_another_exit_no_guest_is_born(pool: IdentityPool) -> None:
    identity = await pool.take()
    await pool.give_back(identity)
    elsewhere = Wanted(avoid_exits={identity.exit_id})

    assert not await pool.has(elsewhere)
    assert (await asyncio.wait_for(pool.take(elsewhere), 1)).id == identity.id
    assert len(pool.book.list_identities(datetime.now(UTC))) == 1


async def test_what_shows_later_is_charged_to_who_was_given_back(pool: IdentityPool) -> None:
    identity = await pool.take()
    await pool.give_back(identity)

    pool.charge(captcha(identity))

    assert (identity.health, identity.streak) == (80, 1)


async def test_a_login_that_is_over_is_not_asked_with_again(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_books(database_url, tmp_path) as books:
        account = books.add_account(sessionid="a-login-of-somebody")
    async with open_pool(database_url, tmp_path) as pool:
        taken = await pool.take()

        pool.end_login(taken)
        other = await pool.take()

        assert taken.id == account.id != other.id
        assert f"no longer takes the login of identity {account.id} (main)" in caplog.text
    with open_books(database_url, tmp_path) as books:
        (status,) = [
            one for one in books.identities.list_identities(datetime.now(UTC)) if one.id == account.id
        ]
    assert (status.state, status.is_logged_in, status.is_leased) == ("expired", False, False)
