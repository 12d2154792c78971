"""What goes wrong, and when: decided by a seed."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random

import psutil
from sqlalchemy import select

from store.jobs.endings import MOST_FAILURES
from store.models.jobs import SHARDS
from store.transactions import TROUBLE
from tests.chaos.town import Part, Town, shard_of

CHANCES = {"spider": 70, "node": 12, "worker": 12, "database": 6}


class Trouble:
    """Kills and stops, one after the other."""

    def __init__(self, town: Town, random: Random, say: Callable[[str], None]) -> None:
        self._town = town
        self._random = random
        self._say = say
        self.counts: Counter[str] = Counter()

    @property
    def kills(self) -> int:
        """How many processes were ended with `kill -9`."""
        return sum(count for what, count in self.counts.items() if what != "database")

    def strike(self, what: str | None = None) -> None:
        """Let one thing go wrong, and mend it."""
        what = what or self._random.choices(list(CHANCES), list(CHANCES.values()))[0]
        if what == "spider":
            self._kill_spider()
        elif what == "node":
            self._kill(self._random.choice(self._town.nodes), what)
        elif what == "worker":
            self._kill(self._random.choice(self._town.workers), what)
        else:
            self._stop_database()

    def _kill_spider(self) -> None:
        spared = self._spared()
        spiders = [one for one in self._town.spiders() if spared is not None and shard_of(one) not in spared]
        if not spiders:
            return
        spider = self._random.choice(sorted(spiders, key=lambda one: one.pid))
        shard = shard_of(spider)
        with suppress(psutil.NoSuchProcess):
            spider.kill()
            self.counts["spider"] += 1
            self._say(f"kill -9 spider {spider.pid} of shard {shard}")

    def _spared(self) -> set[int] | None:
        """Shards that have lost process after process without a target done.

        One more, and they were rightly given up; that is not what this is to show.
        """
        wanted = select(SHARDS.c.id).where(SHARDS.c.failures >= MOST_FAILURES - 1)
        try:
            with self._town.engine.connect() as connection:
                return set(connection.scalars(wanted))
        except TROUBLE:
            return None

    def _kill(self, part: Part, what: str) -> None:
        away = self._random.uniform(0.5, 4)
        self._say(f"kill -9 {part.name}, back after {away:.1f} s")
        part.end(signal.SIGKILL)
        self.counts[what] += 1
        time.sleep(away)
        part.start()

    def _stop_database(self) -> None:
        away = self._random.uniform(1, 8)
        self._say(f"stop MariaDB, back after {away:.1f} s")
        self._town.database.stop()
        self.counts["database"] += 1
        time.sleep(away)
        self._town.database.start()
