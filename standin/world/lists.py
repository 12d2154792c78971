"""Lists across accounts: the posts of a hashtag, of a sound, of a search, of a feed.

Such a list goes round by round through its accounts and is not ordered by time, like the site's.
"""

from __future__ import annotations

from dataclasses import dataclass

from standin.dice import draw
from standin.world.cast import CAST
from standin.world.ids import Space, read_id
from standin.world.population import World
from standin.world.posts import Post, post_number
from standin.world.sounds import SHARED_SOUNDS, Sound, original_sound, shared_sound
from standin.world.tags import Tag
from standin.world.texts import EXTRA_TAGS, TAGS

DEPTH = 3_000
"""The site lists no more posts than this of a hashtag or sound."""
SURE_POSTS = 12
"""Every ordinary account has at least so many posts."""


@dataclass(frozen=True, slots=True)
class PostList:
    """A list that can be entered anywhere without walking it."""

    accounts: range
    first: int = 0
    stride: int = 1
    rounds: int = SURE_POSTS
    """In round r each account shows its post number `first + stride * r`."""

    def __len__(self) -> int:
        return min(DEPTH, len(self.accounts) * self.rounds)

    def posts(self, world: World, cursor: int, count: int) -> list[Post]:
        """Return `count` posts from place `cursor` on."""
        found = []
        for place in range(max(0, cursor), min(cursor + count, len(self))):
            turn, member = divmod(place, len(self.accounts))
            account = world.account(self.accounts[member])
            if account:
                found.append(post_number(account, self.first + self.stride * turn))
        return found


def tag_posts(world: World, tag: Tag) -> PostList:
    """Return the list of a hashtag, ordinary accounts only."""
    cycle, place = (
        (len(TAGS), tag.number) if tag.number < len(TAGS) else (len(EXTRA_TAGS), tag.number - len(TAGS))
    )
    return PostList(_every(world, cycle, place))


def sound_posts(world: World, sound: Sound) -> PostList:
    """Return the list of a sound: odd posts use shared sounds, even ones the author's own."""
    if sound.owner is None:
        return PostList(_every(world, SHARED_SOUNDS, sound.number), first=1, stride=2, rounds=SURE_POSTS // 2)
    owner = sound.owner
    return PostList(range(owner.number, owner.number + 1), stride=2, rounds=(owner.role.posts + 1) // 2)


def found_posts(world: World, words: str, length: int) -> PostList:
    """Return what a search or a feed shows, the same for the same words."""
    if not world.users or not words:
        return PostList(range(0))
    drawn = draw(world.seed, "search", words.lower())
    stride = 1 + drawn[0] % 7
    start = len(CAST) + drawn[1] % world.users
    accounts = range(start, world.total, stride)[:length]
    rounds = min(SURE_POSTS, -(-length // len(accounts)))
    return PostList(accounts, first=0, rounds=rounds)


def sound_with_id(world: World, sound_id: str) -> Sound | None:
    """Find a sound by its id."""
    read = read_id(Space.SOUND, sound_id)
    if read is None:
        return None
    number = read[1]
    if number < SHARED_SOUNDS:
        sound = shared_sound(number)
    else:
        owner = world.account(number - SHARED_SOUNDS)
        if owner is None:
            return None
        sound = original_sound(owner)
    return sound if sound.id == sound_id else None


def _every(world: World, cycle: int, place: int) -> range:
    first = len(CAST) + (place - len(CAST)) % cycle
    return range(first, world.total, cycle)
