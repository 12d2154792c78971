"""`challenge/detail`: one hashtag, its forms of the years before, and the app's.

Seen: 2021-01 (`challenge` beside `stats`, no `challengeInfo`), 2021-08 (app, `ch_info`).
"""

from __future__ import annotations

from tiktok.items import Hashtag, Item
from tiktok.parsing.exactness import Counters, exact_names
from tiktok.parsing.hashtags import hashtag_name, parse_hashtag
from tiktok.parsing.links import hashtag_url
from tiktok.parsing.results import Parsed
from tiktok.parsing.values import Json, Object, digits, filled, flag, mapping, positive, url


def is_challenge_detail(payload: Json) -> bool:
    """Since 2021 under `challengeInfo`, before that at the top."""
    answer = mapping(payload)
    return isinstance(answer.get("challengeInfo"), dict) or isinstance(answer.get("challenge"), dict)


def parse_challenge_detail(payload: Json) -> Parsed:
    """Read the hashtag; a hollow one gives nothing."""
    answer = mapping(payload)
    row = mapping(answer.get("challengeInfo")) if "challengeInfo" in answer else answer
    items = parse_challenge_row(row)
    hollow = not mapping(row.get("challenge"))
    return Parsed(items=items, defects=[] if items or hollow else ["challengeInfo.challenge.title"])


def parse_challenge_row(row: Object) -> list[Item]:
    """Read one `{challenge, stats, statsV2}`."""
    hashtag = parse_hashtag(
        mapping(row.get("challenge")), mapping(row.get("stats")), mapping(row.get("statsV2"))
    )
    return [hashtag] if hashtag else []


def is_app_challenge_detail(payload: Json) -> bool:
    """The app's name for it."""
    return isinstance(mapping(payload).get("ch_info"), dict)


def parse_app_challenge_detail(payload: Json) -> Parsed:
    """Read the app's hashtag."""
    hashtag = parse_app_challenge(mapping(mapping(payload).get("ch_info")))
    return Parsed(items=[hashtag]) if hashtag else Parsed(defects=["ch_info.cha_name"])


def parse_app_challenge(challenge: Object) -> Hashtag | None:
    """Read a hashtag in the app's snake case; within posts its counters are 0, which is unknown."""
    name = hashtag_name(challenge.get("cha_name"))
    if name is None:
        return None
    counters: Counters = {
        "views": positive(challenge.get("view_count")),
        "total_videos": positive(challenge.get("user_count")),
    }
    return Hashtag(
        name=name,
        id=digits(challenge.get("cid")),
        url=hashtag_url(name),
        description=filled(challenge.get("desc")),
        cover_url=url(challenge.get("hashtag_profile")),
        is_commerce=flag(challenge.get("is_commerce")),
        exact_counters=exact_names(counters),
        **counters,
    )
