"""Where posts came from, kept until their files are fetched: what they were found by, whose visit it was."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crawler.media.access import Access
from store.media.book import Order
from tiktok.items import Item, Sound, User, Video
from tiktok.media.wanted import Around

REMEMBERED = 2_000
"""More posts than can be on their way through the stations at once."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Of one post."""

    order: Order
    around: Around
    access: Access | None


class Origins:
    """Those of the posts of this crawl, the newest few thousand."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Origin] = OrderedDict()

    def note(self, items: Iterable[Item], order: Callable[[Video], Order], access: Access | None) -> None:
        """Remember what an answer told about the posts in it."""
        items = list(items)
        sounds = {item.id: item.play_url for item in items if isinstance(item, Sound)}
        avatars = {item.id: item.avatar_url for item in items if isinstance(item, User)}
        for item in items:
            if isinstance(item, Video):
                around = Around(sounds.get(item.sound_id or ""), avatars.get(item.user_id or ""))
                self._known[item.id] = Origin(order(item), around, access)
                self._known.move_to_end(item.id)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def get(self, video_id: str) -> Origin | None:
        """Tell a post's origin, if it is remembered."""
        return self._known.get(video_id)
