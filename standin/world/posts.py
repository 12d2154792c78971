"""Posts: when they appeared, what they are and how they were received."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from standin.dice import digest, magnitude, pick, words_of
from standin.world.accounts import Account
from standin.world.cast import DAY_SECONDS, Mark
from standin.world.counters import grown
from standin.world.ids import Space, make_id
from standin.world.sounds import Sound, sound_of_post
from standin.world.texts import EXTRA_TAGS, REMARKS, SIGNS, SUBJECTS, UNUSUAL


class Counters(NamedTuple):
    """A post's exact counters at one moment."""

    plays: int
    likes: int
    shares: int
    comments: int
    saves: int


class Post(NamedTuple):
    """One video or photo post: the number-th of its author, the oldest being 0."""

    author: Account
    number: int
    created: int
    drawn: bytes
    """64 bytes its traits are drawn from."""
    words: tuple[int, ...]
    """The same as sixteen numbers."""

    @property
    def id(self) -> str:
        return make_id(Space.POST, self.created, self.author.number)

    @property
    def is_photo(self) -> bool:
        return self.number % 8 == 5

    @property
    def has_silent_rung(self) -> bool:
        """Whether its page offers a rendition without sound beside the others."""
        return self.number % 8 == 3

    @property
    def mark(self) -> Mark | None:
        return self.author.role.marks.get(self.number)

    @property
    def sound(self) -> Sound:
        return sound_of_post(self.author, self.number)

    @property
    def caption(self) -> str:
        if self.author.role.unusual_texts:
            return pick(UNUSUAL, self.number)
        words = self.words
        sentence = f"{pick(SUBJECTS, words[0])} {pick(REMARKS, words[1])}{pick(SIGNS, words[2])}"
        mention = f" @{self.author.username}" if words[3] % 16 == 0 else ""
        tag, other = tags_of(self.author)
        return f"{sentence}{mention} #{tag} #{other}"

    @property
    def duration(self) -> int:
        """Seconds; 0 for photo posts, as the site has it."""
        return 0 if self.is_photo else 6 + self.words[5] % 170

    def counters(self, now: int) -> Counters:
        """How the post was received up to a moment."""
        words = self.words
        peak = magnitude(words[6], 2, 5) * self.author.role.scale
        plays = grown(peak, (now - self.created) // DAY_SECONDS)
        return Counters(
            plays=plays,
            likes=plays * (20 + words[7] % 160) // 1000,
            shares=plays * (1 + words[8] % 30) // 1000,
            comments=plays * (1 + words[9] % 12) // 1000,
            saves=plays * (2 + words[10] % 60) // 1000,
        )


@lru_cache(maxsize=8192)
def tags_of(author: Account) -> tuple[str, str]:
    """Return the two hashtags under all posts of an author."""
    return author.tag, pick(EXTRA_TAGS, author.number)


def slot_time(author: Account, number: int, words: tuple[int, ...]) -> int:
    """Return when a post appeared: somewhere in the first half of its slot."""
    step = author.role.step
    return author.started + number * step + words[15] % (step // 2)


def post_number(author: Account, number: int) -> Post:
    """Return an author's post by its number, whether or not its time has come."""
    drawn = digest(author.seed, "post", author.number, number)
    words = words_of(drawn)
    return Post(author, number, slot_time(author, number, words), drawn, words)


def posts_until(author: Account, moment: int) -> int:
    """Return how many posts the author had before a moment (epoch seconds)."""
    if not author.role.posts:
        return 0
    number = max(0, (moment - author.started) // author.role.step)
    if moment <= author.started:
        return 0
    return number + (post_number(author, number).created < moment)
