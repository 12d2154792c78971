"""Hashtags: a closed list; whoever asks for another one is told that it does not exist."""

from __future__ import annotations

from dataclasses import dataclass

from standin.world.ids import Space, make_id
from standin.world.texts import EXTRA_TAGS, TAGS

_FIRST_TAG = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Tag:
    """One hashtag."""

    number: int
    name: str

    @property
    def id(self) -> str:
        return make_id(Space.TAG, _FIRST_TAG + self.number * 3_600, self.number)

    @property
    def views(self) -> int:
        """Views ever, far beyond 32 bits."""
        return 37_100_000_000 + self.number * 1_234_567


TAG_CALLED = {name: Tag(number, name) for number, name in enumerate(TAGS + EXTRA_TAGS)}
_TAG_WITH_ID = {tag.id: tag for tag in TAG_CALLED.values()}


def tag_with_id(tag_id: str) -> Tag | None:
    """Find a hashtag by its id."""
    return _TAG_WITH_ID.get(tag_id)
