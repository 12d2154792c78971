"""A body on its way into a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from crawler.handlers.landing import Landing
from tiktok.media.wishes import Role

PICTURE = b"\xff\xd8\xff\xe0" + bytes(1000) + b"\xff\xd9"


class CountingThreads(ThreadPoolExecutor):
    """Knows how often work was handed over."""

    handed_over = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.handed_over += 1
        return super().submit(fn, *args, **kwargs)


@pytest.fixture
def threads() -> Iterator[CountingThreads]:
    with CountingThreads(2) as threads:
        yield threads


async def coming(body: bytes, failure: Exception | None = None) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 100):
        yield body[start : start + 100]
    if failure:
        raise failure


async def test_a_small_file_is_written_and_looked_at_by_one_thread(
    threads: CountingThreads, tmp_path: Path
) -> None:
    landing = Landing(tmp_path / "picture.part", Role.IMAGE, threads)

    await landing.receive(coming(PICTURE))

    assert landing.part.read_bytes() == PICTURE
    assert landing.look
    assert landing.look.is_whole
    assert threads.handed_over == 1


async def test_a_file_that_was_called_whole_and_is_not_is_seen_through(
    threads: CountingThreads, tmp_path: Path
) -> None:
    landing = Landing(tmp_path / "picture.part", Role.IMAGE, threads)

    await landing.receive(coming(PICTURE[:-2]))

    assert landing.look
    assert not landing.look.is_whole


async def test_what_came_before_a_failure_stays_and_is_not_called_whole(
    threads: CountingThreads, tmp_path: Path
) -> None:
    landing = Landing(tmp_path / "picture.part", Role.IMAGE, threads)

    with pytest.raises(ConnectionError):
        await landing.receive(coming(PICTURE[:500], ConnectionError("cut")))

    assert landing.part.read_bytes() == PICTURE[:500]
    assert not landing.is_whole
    assert landing.look is None
