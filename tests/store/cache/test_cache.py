"""The cache answers, fills once, covers refusals, forgets what it is told to, and counts; in each home alike."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from store.cache import Cache, CacheStats, FillRefused, FillTooSlow, Fresh
from store.cache.state import Filled, Ours, Theirs
from tests.fixtures.cache import CacheHome

DAY = 24 * 3600


class Site:
    """What fills ask: answers with a number, or refuses."""

    def __init__(self) -> None:
        self.asked = 0
        self.refusal: Exception | None = None
        self.takes_seconds = 0.0
        self.tags: list[str] = []

    def __call__(self) -> Fresh:
        self.asked += 1
        time.sleep(self.takes_seconds)
        if self.refusal is not None:
            raise self.refusal
        return Fresh(f"answer {self.asked}".encode(), self.tags)


@pytest.fixture
def site() -> Site:
    return Site()


def refuse() -> Fresh:
    raise FillRefused(b"captcha")


def keys_left(cache: Cache, *keys: str) -> set[str]:
    return {key for key in keys if cache.count(key)}


@pytest.fixture
def filled(cache: Cache) -> Cache:
    """With a few answers of every kind."""
    for key, tags in {
        "search:iphone case:20": ["search", "product:1", "product:2"],
        "search:fone bluetooth:20": ["search", "product:3"],
        "trending:all:20": ["trending", "product:1"],
        "product:1": ["product:1", "seller:9"],
    }.items():
        cache.read_through(key, 600, lambda: Fresh(b"x" * 100), tags=tags)
    return cache


ALL = ("search:iphone case:20", "search:fone bluetooth:20", "trending:all:20", "product:1")


def test_the_second_call_is_answered_by_what_the_first_one_found(cache: Cache, site: Site) -> None:
    before = datetime.now(UTC)
    first = cache.read_through("a", 600, site)
    second = cache.read_through("a", 600, site)

    assert (first.body, first.cached, first.ttl_left_seconds) == (b"answer 1", False, None)
    assert (second.body, second.cached, second.stale) == (b"answer 1", True, False)
    assert second.ttl_left_seconds in (598, 599)
    assert before <= second.stored_at <= datetime.now(UTC)


def test_any_bytes_come_back_as_they_were(cache: Cache) -> None:
    body = bytes(range(256)) * 3

    cache.read_through('é"\\{} 词', 600, lambda: Fresh(body), tags=['ü"\\'])

    assert cache.read_through('é"\\{} 词', 600, refuse).body == body
    assert cache.invalidate('ü"\\') == 1


def test_another_process_sees_what_one_found(cache_home: CacheHome, site: Site) -> None:
    cache_home.open().read_through("a", 600, site)

    assert cache_home.open().read_through("a", 600, site).cached
    assert site.asked == 1


def test_rooms_share_nothing(cache_home: CacheHome, site: Site) -> None:
    cache_home.open(room="one").read_through("a", 600, site)

    assert not cache_home.open(room="two").read_through("a", 600, site).cached


def test_an_answer_is_found_anew_when_its_time_is_over(cache_home: CacheHome, site: Site) -> None:
    cache = cache_home.open()
    cache.read_through("a", 600, site)

    cache_home.later_seconds = 599
    assert cache.read_through("a", 600, site).body == b"answer 1"
    cache_home.later_seconds = 601
    assert cache.read_through("a", 600, site).body == b"answer 2"


def test_a_clock_that_was_set_back_keeps_no_answer_for_longer(cache_home: CacheHome, site: Site) -> None:
    cache = cache_home.open()
    cache.read_through("a", 600, site)

    cache_home.later_seconds = -3600

    assert cache.read_through("a", 600, site).body == b"answer 2"


def test_a_fresh_answer_is_asked_for_and_left_to_others(cache: Cache, site: Site) -> None:
    cache.read_through("a", 600, site)

    assert not cache.read_through("a", 600, site, fresh=True).cached
    assert cache.read_through("a", 600, site).body == b"answer 2"
    assert cache.stats().hits + cache.stats().misses == 2


def test_of_all_threads_that_ask_at_once_one_fills(cache: Cache, site: Site) -> None:
    site.takes_seconds = 0.2

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: cache.read_through("a", 600, site), range(100)))

    assert site.asked == 1
    assert {answer.body for answer in answers} == {b"answer 1"}
    assert [answer.cached for answer in answers].count(False) == 1
    assert (cache.stats().hits, cache.stats().misses) == (99, 1)


def test_different_keys_are_filled_at_the_same_time(cache: Cache) -> None:
    both_there = threading.Barrier(2, timeout=10)

    def meet() -> Fresh:
        both_there.wait()
        return Fresh(b"met")

    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda key: cache.read_through(key, 600, meet).body, ["a", "b"])

    assert list(answers) == [b"met", b"met"]


def test_a_refusal_goes_to_all_who_waited_and_not_to_those_who_ask_later(cache: Cache, site: Site) -> None:
    site.takes_seconds, site.refusal = 0.3, FillRefused(b"captcha")

    def ask(_: int) -> bytes:
        try:
            return cache.read_through("a", 600, site).body
        except FillRefused as refusal:
            return refusal.body

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(ask, range(10))) == {b"captcha"}
    assert site.asked == 1

    site.refusal = None
    assert ask(0) == b"answer 2"
    assert cache.stats().misses == 11


def test_a_refusal_that_holds_is_not_asked_for_again_meanwhile(cache_home: CacheHome, site: Site) -> None:
    cache = cache_home.open()
    site.refusal = FillRefused(b"wait", hold_seconds=60)
    for _ in range(3):
        with pytest.raises(FillRefused, match="wait"):
            cache.read_through("a", 600, site)
    assert site.asked == 1

    cache_home.later_seconds, site.refusal = 61, None
    assert cache.read_through("a", 600, site).body == b"answer 2"


def test_an_old_answer_covers_a_refusal_and_says_so(cache_home: CacheHome, site: Site) -> None:
    cache = cache_home.open()
    cache.read_through("a", 600, site, stale_seconds=DAY)

    cache_home.later_seconds = 700
    old = cache.read_through("a", 600, refuse, stale_seconds=DAY)

    assert (old.body, old.cached, old.stale, old.ttl_left_seconds) == (b"answer 1", True, True, 0)
    assert old.refusal == b"captcha"


def test_an_answer_that_is_too_old_covers_nothing(cache_home: CacheHome, site: Site) -> None:
    cache = cache_home.open()
    cache.read_through("a", 600, site, stale_seconds=100)

    cache_home.later_seconds = 701

    with pytest.raises(FillRefused):
        cache.read_through("a", 600, refuse)


def test_a_failing_fill_fails_its_caller_and_the_next_one_tries(cache: Cache, site: Site) -> None:
    site.refusal = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        cache.read_through("a", 600, site)

    site.refusal = None
    assert cache.read_through("a", 600, site).body == b"answer 2"


def test_who_waits_too_long_gets_the_old_answer_or_an_error(cache_home: CacheHome, site: Site) -> None:
    cache = cache_home.open()
    cache.read_through("old", 600, site)
    cache_home.later_seconds = 700
    state = cache_home.open_state()
    assert all(isinstance(state.look(key, ""), Ours) for key in ("old", "new"))

    assert cache.read_through("old", 600, site, patience_seconds=0.05).stale
    with pytest.raises(FillTooSlow):
        cache.read_through("new", 600, site, patience_seconds=0.05)
    assert cache.stats().misses == 5
    state.close()


def test_a_slow_fill_keeps_its_lease(cache_home: CacheHome, site: Site) -> None:
    cache, state = cache_home.open(), cache_home.open_state()

    def fill_slowly() -> Fresh:
        cache_home.later_seconds += 4  # a lease lasts 5 seconds
        time.sleep(1.5)  # within which it is renewed
        cache_home.later_seconds += 4
        assert isinstance(state.look("a", ""), Theirs)
        return site()

    cache.read_through("a", 600, fill_slowly)

    assert cache.read_through("a", 600, site).body == b"answer 1"
    state.close()


def test_the_lease_of_one_who_says_nothing_ends_and_what_it_finds_later_is_not_kept(
    cache_home: CacheHome, site: Site
) -> None:
    cache, dead = cache_home.open(), cache_home.open_state()
    sight = dead.look("a", "")
    assert isinstance(sight, Ours)

    cache_home.later_seconds = 6
    assert cache.read_through("a", 600, site).body == b"answer 1"
    dead.store(Filled("a", b"too late", (), 600, 600), sight.lease)

    assert cache.read_through("a", 600, site).body == b"answer 1"
    dead.close()


@pytest.mark.parametrize(
    ("forget", "removed", "left"),
    [
        (lambda cache: cache.clear("search:*"), 2, ALL[2:]),
        (lambda cache: cache.clear("search:*iphone*"), 1, ALL[1:]),
        (lambda cache: cache.clear("[st]*:?o*"), 1, (ALL[0], *ALL[2:])),
        (lambda cache: cache.clear("nothing*"), 0, ALL),
        (lambda cache: cache.clear("search"), 0, ALL),
        (lambda cache: cache.clear_all(), 4, ()),
        (lambda cache: cache.invalidate("product:1"), 3, ALL[1:2]),
        (lambda cache: cache.invalidate("seller:9"), 1, ALL[:3]),
        (lambda cache: cache.invalidate("trending"), 1, (*ALL[:2], ALL[3])),
        (lambda cache: cache.invalidate("nothing"), 0, ALL),
    ],
)
def test_what_is_to_be_forgotten_goes_and_the_rest_stays(
    filled: Cache, forget: Callable[[Cache], int], removed: int, left: tuple[str, ...]
) -> None:
    assert forget(filled) == removed
    assert keys_left(filled, *ALL) == set(left)
    assert filled.stats().keys == len(left)


def test_what_is_expired_is_found_anew_and_still_covers_a_refusal(filled: Cache, site: Site) -> None:
    assert filled.expire("product:1") == 3

    old = filled.read_through("product:1", 600, refuse)
    assert (old.stale, old.body) == (True, b"x" * 100)
    assert filled.read_through("product:1", 600, site).body == b"answer 1"
    assert filled.read_through("product:1", 600, site).cached
    assert filled.read_through(ALL[1], 600, site).cached


def test_a_backslash_is_a_letter_like_others(cache: Cache, site: Site) -> None:
    cache.read_through("a\\b", 600, site)
    cache.read_through("ab", 600, site)

    assert cache.count("a\\b") == 1
    assert cache.clear("*\\*") == 1


def test_tags_that_the_fill_found_count_too_and_old_ones_go_with_the_old_answer(
    cache: Cache, site: Site
) -> None:
    site.tags = ["product:5"]
    cache.read_through("a", 600, site, tags=["search"])
    site.tags = ["product:6"]
    cache.read_through("a", 600, site, tags=["search"], fresh=True)

    assert cache.invalidate("product:5") == 0
    assert cache.invalidate("product:6") == 1
    assert cache.invalidate("search") == 0


def test_what_was_being_filled_when_it_was_invalidated_is_not_kept(cache: Cache, site: Site) -> None:
    def fill() -> Fresh:
        cache.invalidate("product:1")
        return Fresh(b"from before")

    assert cache.read_through("a", 600, fill, tags=["product:1"]).body == b"from before"
    assert cache.read_through("a", 600, site).body == b"answer 1"


def test_figures_tell_keys_hits_misses_and_memory(filled: Cache) -> None:
    for _ in range(12):
        filled.read_through("product:1", 600, refuse)

    stats = filled.stats()

    assert stats == CacheStats(4, 12, 4, sum(len(key) + 100 for key in ALL))
    assert stats.hit_rate == 0.75


def test_an_empty_cache_has_a_hit_rate(cache: Cache) -> None:
    assert cache.stats() == CacheStats(0, 0, 0, 0)
    assert cache.stats().hit_rate == 0


def test_what_has_ended_counts_no_more_and_is_swept_away(cache_home: CacheHome, site: Site) -> None:
    cache, state = cache_home.open(), cache_home.open_state()
    for number in range(30):
        cache.read_through(f"old:{number}", 600, site, tags=["old"], stale_seconds=0)
    cache.read_through("new", 6000, site)

    cache_home.later_seconds = 700

    assert (cache.stats().keys, cache.count("*"), cache.clear("old:*")) == (1, 1, 0)
    assert state.sweep() == 30
    assert state.sweep() == 0
    assert cache.stats().memory_bytes == len("new") + len("answer 31")
    assert cache.invalidate("old") == 0
    state.close()


def test_sweeping_goes_on_by_itself(
    cache_home: CacheHome, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.cache.keeper.RENEW_SECONDS", 0.02)
    monkeypatch.setattr("store.cache.keeper.SWEEP_SECONDS", 0.05)
    cache, state = cache_home.open(), cache_home.open_state()
    cache.read_through("a", 1, site, stale_seconds=0)

    cache_home.later_seconds = 60

    end = time.monotonic() + 10
    while state.stats().memory_bytes and time.monotonic() < end:
        time.sleep(0.02)
    assert state.sweep() == 0
    assert state.stats().memory_bytes == 0
    state.close()


def test_it_stays_below_its_bound_and_the_oldest_make_room(cache_home: CacheHome) -> None:
    cache = cache_home.open(most_bytes=1_000_000)

    for number in range(300):
        cache.read_through(f"{number}", 600, lambda: Fresh(b"x" * 10_000))

    assert 50 < cache.stats().keys < 100
    assert cache.stats().memory_bytes <= 1_000_000
    assert keys_left(cache, "0", "200", "298", "299") == {"298", "299"}


def test_an_answer_that_would_push_out_all_others_is_not_kept(filled: Cache) -> None:
    for _ in range(2):
        answer = filled.read_through("huge", 600, lambda: Fresh(b"x" * 1_000_000))
        assert not answer.cached

    assert filled.stats().keys == 4
