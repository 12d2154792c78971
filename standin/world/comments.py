"""Comments: in groups of three, the first of each with two replies, so that every total can be counted out.

A post's counter includes replies. Five comments make one group: three at the top, two below the first.
"""

from __future__ import annotations

from dataclasses import dataclass

from standin.dice import draw, pick
from standin.world.accounts import Account
from standin.world.cast import CAST
from standin.world.ids import Space, make_id, read_id
from standin.world.population import World
from standin.world.posts import Post
from standin.world.texts import COMMENTS, SIGNS

GROUP = 5
_PLACES = 1 << 20
"""Room for the places of one post's comments in the lower half of an id."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment or reply; `place` tells it from the others of its post."""

    post: Post
    place: int
    parent: int | None
    """Place of the comment it answers."""
    words: tuple[int, ...]

    @property
    def created(self) -> int:
        return self.post.created + 60 + self.place * 37 % 86_400

    @property
    def id(self) -> str:
        return comment_id(self.post, self.place)

    @property
    def text(self) -> str:
        return pick(COMMENTS, self.words[0]) + pick(SIGNS, self.words[1])

    @property
    def likes(self) -> int:
        return self.words[2] % 5_000

    def writer(self, world: World) -> Account:
        """Return who wrote it; the post's author where the population has nobody else."""
        found = world.account(len(CAST) + self.words[3] % world.users) if world.users else None
        return found or self.post.author


def comment_id(post: Post, place: int) -> str:
    """Return a comment's id; its lower half carries the place."""
    return make_id(Space.COMMENT, post.created + 60 + place * 37 % 86_400, place)


def place_of(given: str) -> int | None:
    """Return the place a comment id names."""
    read = read_id(Space.COMMENT, given)
    return read[1] if read and read[1] < _PLACES else None


def top_level(total: int) -> int:
    """Return how many of a post's comments stand at the top."""
    groups, rest = divmod(total, GROUP)
    return groups * 3 + (0, 1, 1, 1, 2)[rest]


def replies_to(number: int, total: int) -> int:
    """Return how many replies the number-th top comment has."""
    if number % 3:
        return 0
    return min(2, total - number // 3 * GROUP - 1)


def comment_number(post: Post, number: int) -> Comment:
    """Return a top comment by its number."""
    group, member = divmod(number, 3)
    place = group * GROUP + (0, 3, 4)[member]
    return _comment(post, place, None)


def reply_number(post: Post, parent: int, number: int) -> Comment:
    """Return a reply to the comment at a place."""
    return _comment(post, parent + 1 + number, parent)


def _comment(post: Post, place: int, parent: int | None) -> Comment:
    return Comment(post, place, parent, draw(post.author.seed, "comment", post.id, place))
