"""Accounts: found by number, username, id or secUid, all computed from the seed."""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import dataclass
from functools import cached_property

from standin.dice import draw, magnitude, pick
from standin.world.cast import CAST, DAY_SECONDS, Role
from standin.world.ids import Space, make_id, make_sec_uid
from standin.world.texts import FIRST_NAMES, LAST_NAMES, REGIONS, TAGS

EPOCH = timegm((2026, 10, 1, 0, 0, 0))
"""Midnight at which day 0 of every population begins."""

CAST_SEED = 0
"""The named accounts are drawn under this seed, whatever seed the population has."""

_ORDINARY_NAME = re.compile(r"([a-z]+)\.([a-z]+)(\d+)")


@dataclass(frozen=True, eq=False)
class Account:
    """One account. Posts are numbered from the oldest, 0; more appear as days go by."""

    number: int
    seed: int
    role: Role

    @cached_property
    def words(self) -> tuple[int, ...]:
        """The numbers its traits are drawn from."""
        return draw(self.seed, "account", self.number)

    @property
    def username(self) -> str:
        return self.role.username

    @property
    def nickname(self) -> str:
        return self.role.nickname or self.username.replace(".", " ").title()

    @cached_property
    def created(self) -> int:
        return self.started - DAY_SECONDS * (1 + self.words[0] % 60)

    @cached_property
    def started(self) -> int:
        """Start of the time slot of post 0."""
        return EPOCH - self.role.posts * self.role.step

    @cached_property
    def id(self) -> str:
        return make_id(Space.ACCOUNT, self.created, self.number)

    @cached_property
    def sec_uid(self) -> str:
        return make_sec_uid(self.number)

    @property
    def tag(self) -> str:
        """Hashtag that all its posts carry."""
        return TAGS[self.number % len(TAGS)]

    @property
    def region(self) -> str:
        return pick(REGIONS, self.words[1])


def cast_account(number: int) -> Account:
    """Return a named account."""
    return Account(number, CAST_SEED, CAST[number])


def ordinary_account(number: int, seed: int) -> Account:
    """Return one of the many."""
    words = draw(seed, "role", number)
    role = Role(
        username=f"{pick(FIRST_NAMES, words[0])}.{pick(LAST_NAMES, words[1])}{number}",
        about="one of the many",
        posts=12 + words[2] % 108,
        step=21_600 + words[3] % (3 * DAY_SECONDS),
        followers=magnitude(words[4], 2, 6),
        scale=1 + words[5] % 40,
        pinned=(words[6] % 12,) if words[7] % 4 == 0 else (),
        verified=words[8] % 10 == 0,
    )
    return Account(number, seed, role)


def ordinary_number(username: str) -> int | None:
    """Return the number an ordinary username ends in."""
    found = _ORDINARY_NAME.fullmatch(username)
    return int(found[3]) if found and len(found[3]) < 11 else None
