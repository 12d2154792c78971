"""The population is the same everywhere, costs nothing and hangs together."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from hashlib import sha256
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from standin.wire.moment import Moment
from standin.wire.posts import list_post
from standin.world.accounts import EPOCH
from standin.world.cast import CAST
from standin.world.comments import comment_number, replies_to, reply_number, top_level
from standin.world.counters import displayed
from standin.world.ids import Space, make_id, make_sec_uid, read_id, read_sec_uid
from standin.world.landmarks import landmarks
from standin.world.population import World, history, now_on, posts_on
from standin.world.posts import post_number
from tests.fixtures.standin import ROOT

WORLD = World(seed=7, users=1_000)

FINGERPRINT = (
    "from hashlib import sha256\n"
    "from standin.world.population import World, history\n"
    "from standin.wire.moment import Moment\n"
    "from standin.wire.posts import list_post\n"
    "world = World(7, 1000)\n"
    "posts = [post for n in (0, 12, 30, 900) for post in history(world.account(n), 1 << 33, 9, 1790812800)]\n"
    "print(sha256(b''.join(list_post(post, Moment(0, 497448)) for post in posts)).hexdigest())\n"
)


def test_another_process_sees_the_very_same_bytes() -> None:
    environment = os.environ | {"PYTHONHASHSEED": "12345"}
    posts = [
        post
        for number in (0, 12, 30, 900)
        if (account := WORLD.account(number))
        for post in history(account, 1 << 33, 9, EPOCH)
    ]
    here = sha256(b"".join(list_post(post, Moment(0, 497448)) for post in posts)).hexdigest()

    there = subprocess.check_output([sys.executable, "-c", FINGERPRINT], cwd=ROOT, env=environment, text=True)

    assert there.strip() == here


def test_names_and_ids_are_those_of_every_other_machine() -> None:
    assert list(WORLD.ordinary_usernames(3)) == ["wim.thorn18", "odin.jade19", "pia.ember20"]
    assert landmarks(WORLD)["accounts"]["khaby.lame"]["newest_post"] == "7690690061551962628"
    assert landmarks(WORLD)["sound"]["id"] == "6871947674595743729"


def test_the_named_accounts_do_not_depend_on_the_seed() -> None:
    assert landmarks(World(seed=1, users=5)) == landmarks(World(seed=2, users=80_000))


def test_ordinary_accounts_depend_on_the_seed() -> None:
    assert list(World(1, 50).ordinary_usernames(50)) != list(World(2, 50).ordinary_usernames(50))


def test_a_million_accounts_cost_nothing() -> None:
    tracemalloc.start()
    world = World(seed=7, users=1_000_000)

    last = world.account(world.total - 1)

    assert last is not None
    assert world.account_called(last.username) is last
    assert tracemalloc.get_traced_memory()[1] < 200_000
    tracemalloc.stop()


def test_accounts_are_found_by_each_of_their_names() -> None:
    for number in (0, 3, 18, 500, WORLD.total - 1):
        account = WORLD.account(number)
        assert account is not None

        assert WORLD.account_called(account.username.upper()) is account
        assert WORLD.account_in_slot(account.id) is account
        assert WORLD.account_in_slot(account.sec_uid) is account


def test_nobody_is_found_outside_the_population() -> None:
    stranger = World(7, 2_000).account(WORLD.total + 5)
    assert stranger is not None

    assert WORLD.account_called(stranger.username) is None
    assert WORLD.account_with_id(stranger.id) is None
    assert WORLD.account_with_sec_uid(stranger.sec_uid) is None
    assert WORLD.account_called("") is None
    assert WORLD.account_called("wim.thorn018") is None


@given(st.integers(0, 2**32 - 1), st.integers(1_400_000_000, 2_000_000_000), st.sampled_from(Space))
def test_ids_carry_their_time_and_can_be_read_back(number: int, created: int, space: Space) -> None:
    made = make_id(space, created, number)

    assert int(made) >> 32 == created
    assert read_id(space, made) == (created, number)


@given(st.integers(0, 2**32 - 1))
def test_sec_uids_have_the_real_form_and_can_be_read_back(number: int) -> None:
    made = make_sec_uid(number)

    assert len(made) == 12 + 64
    assert read_sec_uid(made) == number
    assert read_sec_uid(made[:-1] + ("A" if made[-1] != "A" else "B")) is None


def test_every_post_is_found_by_its_id_and_by_no_other() -> None:
    account = WORLD.account_called("two.hundred")
    assert account is not None

    for post in history(account, EPOCH, 200, EPOCH):
        assert WORLD.post(post.id, EPOCH) == post
        assert WORLD.post(str(int(post.id) + 1), EPOCH) is None
        assert WORLD.post(str(int(post.id) + (1 << 32)), EPOCH) is None


def test_histories_run_strictly_backwards_and_hold_exactly_what_they_declare() -> None:
    for number in range(len(CAST) + 20):
        account = WORLD.account(number)
        assert account is not None

        posts = history(account, 1 << 33, 6_000, EPOCH)

        assert len(posts) == min(account.role.posts, 6_000) == min(posts_on(account, 0), 6_000)
        assert all(newer.created > older.created for newer, older in pairwise(posts))


def test_days_bring_new_posts_and_only_growing_counters() -> None:
    account = WORLD.account_called("khaby.lame")
    assert account is not None
    post = post_number(account, 100)

    days = [post.counters(now_on(day)) for day in range(0, 60, 10)]

    assert posts_on(account, 30) == posts_on(account, 0) + 10
    assert all(later > earlier for earlier, later in pairwise(days))


def test_counters_are_rounded_as_the_site_displays_them() -> None:
    exact = [0, 9_999, 10_000, 105_249, 783_427, 999_949, 1_354_097, 4_001_943, 4_512_345_678]

    assert [displayed(count) for count in exact] == [
        0, 9_999, 10_000, 105_200, 783_400, 999_900, 1_400_000, 4_000_000, 4_512_300_000,
    ]  # fmt: skip


def test_comments_and_replies_add_up_to_any_total() -> None:
    account = WORLD.account(0)
    assert account is not None
    post = post_number(account, 5)

    for total in range(60):
        comments = [comment_number(post, number) for number in range(top_level(total))]
        replies = [
            reply_number(post, comment.place, number)
            for index, comment in enumerate(comments)
            for number in range(replies_to(index, total))
        ]

        assert sorted(one.place for one in comments + replies) == list(range(total))
