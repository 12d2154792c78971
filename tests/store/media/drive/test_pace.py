"""Requests keep to Google's quota, and trying again has an end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from store.media.drive.answers import Failure, Follow
from store.media.drive.patience import Patience
from store.media.drive.units import Cost, Units
from store.media.errors import StorePaused, StoreTrouble
from tests.store.media.drive.conftest import Workshop


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_minute_holds_no_more_than_its_units() -> None:
    clock = Clock()
    units = Units(6_000, clock=lambda: clock.now, sleep=clock.sleep)

    began, sent = clock.now, 0
    while clock.now < began + 60:
        units.take(Cost.WRITE)
        sent += Cost.WRITE

    assert 6_000 <= sent <= 6_000 * 1.1 + Cost.WRITE


def test_a_quiet_time_saves_up_little() -> None:
    clock = Clock()
    units = Units(6_000, clock=lambda: clock.now, sleep=clock.sleep)
    clock.now += 3_600

    before = clock.now
    while clock.now == before:
        units.take(Cost.LIST)

    assert clock.now > before


@pytest.mark.parametrize(
    ("follow", "error", "least", "most"),
    [(Follow.RETRY, StoreTrouble, 30, 120), (Follow.SLOW_DOWN, StorePaused, 180, 400)],
)
def test_pauses_grow_and_end(follow: Follow, error: type[Exception], least: float, most: float) -> None:
    pauses: list[float] = []
    patience = Patience(pauses.append)

    def try_forever() -> None:
        while True:
            patience.wait_after(Failure(follow, "503"))

    with pytest.raises(error):
        try_forever()

    assert least < sum(pauses) < most
    assert max(pauses) <= 32
    assert all(2**number <= pause for number, pause in enumerate(pauses[:5]))


def test_google_may_wish_for_a_longer_pause() -> None:
    pauses: list[float] = []

    Patience(pauses.append).wait_after(Failure(Follow.SLOW_DOWN, "429", retry_after=20))

    assert pauses == [20]


def test_many_threads_share_a_store(workshop: Workshop) -> None:
    store = workshop.store()
    pieces = [workshop.piece(3_000, path=f"TikTok/user {n % 4}/film {n}.mp4", seed=n) for n in range(24)]

    with ThreadPoolExecutor(8) as pool:
        placed = list(pool.map(store.put, pieces))

    assert len({one.id for one in placed}) == 24
    assert sorted(film["md5Checksum"] for film in workshop.films()) == sorted(piece.md5 for piece in pieces)
    assert sorted(workshop.folders()) == ["TikTok", "user 0", "user 1", "user 2", "user 3"]


def test_a_file_that_vanished_is_said(workshop: Workshop) -> None:
    store, piece = workshop.store(), workshop.piece(10)
    piece.source.unlink()

    with pytest.raises(StoreTrouble, match="No such file"):
        store.put(piece)
