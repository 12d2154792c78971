"""Sounds: forty shared ones, and one original sound per account."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from standin.dice import draw, pick
from standin.world.accounts import CAST_SEED, Account
from standin.world.ids import Space, make_id
from standin.world.texts import SOUND_TITLES

SHARED_SOUNDS = 40
"""Sounds with a lower number are shared; the others are the original sound of account number - 40."""

_FIRST_SHARED = 1_600_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """One sound; `owner` is nobody for the shared ones."""

    id: str
    number: int
    title: str
    author_name: str
    duration: int
    owner: Account | None

    @property
    def slug(self) -> str:
        return self.title.replace(" ", "-").replace("#", "")


@lru_cache(maxsize=SHARED_SOUNDS)
def shared_sound(number: int) -> Sound:
    """Return a sound many accounts use; the same under every seed."""
    words = draw(CAST_SEED, "sound", number)
    title = f"{pick(SOUND_TITLES, words[0])} No. {number + 1}"
    sound_id = make_id(Space.SOUND, _FIRST_SHARED + number * 86_400, number)
    return Sound(sound_id, number, title, "The Stand-ins", 15 + words[1] % 45, None)


@lru_cache(maxsize=4096)
def original_sound(author: Account) -> Sound:
    """Return the sound an account records itself."""
    number = SHARED_SOUNDS + author.number
    sound_id = make_id(Space.SOUND, author.created, number)
    title = f"original sound - {author.username}"
    return Sound(sound_id, number, title, author.nickname, 10 + author.words[2] % 50, author)


def sound_of_post(author: Account, number: int) -> Sound:
    """Even posts carry the author's own sound, odd ones a shared one."""
    return shared_sound(author.number % SHARED_SOUNDS) if number % 2 else original_sound(author)
