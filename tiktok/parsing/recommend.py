"""`node/share/discover`: what TikTok suggests to share, a mix of sounds, creators and hashtags (facts B.1).

The recommended feed itself is a list like any other, see `item_lists`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tiktok.items import Item
from tiktok.parsing.hashtags import parse_hashtag
from tiktok.parsing.results import Parsed, distinct
from tiktok.parsing.sounds import parse_sound
from tiktok.parsing.users import parse_user
from tiktok.parsing.values import Json, Object, mapping, objects, positive, text

SOUND_CARD, CREATOR_CARD, HASHTAG_CARD = 1, 2, 3
_LINK = re.compile(r"/(?:@(?P<username>[\w.]+)|tag/(?P<tag>[^/?%]+))")
"""A tag written in percent escapes is left to the card's title."""


def is_share_discover(payload: Json) -> bool:
    """Sections under `body`, each with its `exploreList`."""
    return any("exploreList" in section for section in objects(mapping(payload).get("body")))


def parse_share_discover(payload: Json) -> Parsed:
    """Read the cards of all sections; one of an unknown type is left out."""
    found = (_parse_card(card) for card in _cards(payload))
    return Parsed(items=distinct(item for item in found if item))


def _cards(payload: Json) -> Iterator[Object]:
    for section in objects(mapping(payload).get("body")):
        for entry in objects(section.get("exploreList")):
            yield mapping(entry.get("cardItem"))


def _parse_card(card: Object) -> Item | None:
    kind = card.get("type")
    if kind == SOUND_CARD:
        return parse_sound(_described(card), _counters(card))
    if kind == CREATOR_CARD:
        return parse_user(_described(card), _counters(card))
    if kind == HASHTAG_CARD:
        return parse_hashtag(_described(card), _counters(card))
    return None


def _described(card: Object) -> dict[str, Json]:
    """What the card shows, in the words of the kinds' own parsers."""
    link = _LINK.match(text(card.get("link")) or "")
    told = mapping(card.get("extraInfo"))
    return {
        "id": card.get("id"),
        "title": link["tag"] if link and link["tag"] else card.get("title"),
        "nickname": card.get("title"),
        "uniqueId": link["username"] if link else None,
        "authorName": card.get("subTitle"),
        "signature": card.get("description"),
        "desc": card.get("description"),
        "verified": told.get("verified"),
        "avatarLarger": card.get("cover"),
        "coverLarge": card.get("cover"),
        "coverLarger": card.get("cover"),
    }


def _counters(card: Object) -> dict[str, int | None]:
    """The cards' counters; 0 stands in those that the kind does not have."""
    told = mapping(card.get("extraInfo"))
    return {
        "followerCount": positive(told.get("fans")),
        "heartCount": positive(told.get("likes")),
        "videoCount": positive(told.get("video")),
        "viewCount": positive(told.get("views")),
    }
