"""User objects: the full one of profiles, the shorter one inside posts and lists."""

from __future__ import annotations

from hashlib import md5
from typing import Any

from standin.wire.links import avatar_links, avatar_uri
from standin.wire.moment import Moment
from standin.wire.templates import Template, decode
from standin.world.accounts import Account
from standin.world.cast import Standing
from standin.world.counters import displayed, followed
from standin.world.population import posts_on

_AVATARS = Template.of(avatar_links(""))


def avatars(account: Account, moment: Moment) -> dict[str, str]:
    """Return the account's signed avatar links."""
    name = md5(account.id.encode(), usedforsecurity=False).hexdigest().encode()
    filled = _AVATARS.fill(
        {
            "cdn": moment.cdn.origin.encode(),
            "uri": avatar_uri(account),
            "expire": b"%d" % moment.media_expiry,
            "signature": name[:27],
        }
    )
    links: dict[str, str] = decode(filled)
    return links


def author_object(account: Account, moment: Moment) -> dict[str, Any]:
    """Return the user as posts and lists carry it."""
    private = account.role.standing is Standing.PRIVATE
    return {
        "id": account.id,
        "uniqueId": account.username,
        "nickname": account.nickname,
        **avatars(account, moment),
        "signature": biography(account),
        "verified": account.role.verified,
        "secUid": account.sec_uid,
        "secret": private,
        "ftc": False,
        "relation": 0,
        "openFavorite": False,
        "commentSetting": 0,
        "duetSetting": 0,
        "stitchSetting": 0,
        "privateAccount": private,
        "downloadSetting": 0,
        "isADVirtual": False,
        "isEmbedBanned": not account.role.embeddable,
        "UserStoryStatus": 0,
    }


def profile_object(account: Account, moment: Moment) -> dict[str, Any]:
    """Return the user as profile pages carry it."""
    profile = author_object(account, moment) | {
        "shortId": "",
        "createTime": account.created,
        "uniqueIdModifyTime": 0,
        "nickNameModifyTime": account.created + 86_400,
        "language": "en",
        "roomId": "",
        "ttSeller": False,
        "canExpPlaylist": True,
        "suggestAccountBind": False,
        "followingVisibility": 1 if account.role.shows_following else 2,
        "profileEmbedPermission": 1 if account.role.embeddable else 0,
        "isOrganization": 0,
        "profileTab": {"showMusicTab": False, "showQuestionTab": False, "showPlayListTab": False},
        "commerceUserInfo": {"commerceUser": False},
        "eventList": [],
    }
    if account.number % 3 == 0:
        profile["bioLink"] = {"link": f"{account.username}.example", "risk": 0}
    return profile


def biography(account: Account) -> str:
    """Return the account's self-description."""
    return f"{account.nickname} · {account.tag} and other small things\nnew every week"


def exact_counts(account: Account, moment: Moment) -> dict[str, int]:
    """Return the account's true counters."""
    words = account.words
    followers = followed(account.role.followers, moment.day, 10 + words[3] % 40)
    likes = followers * (3 + words[4] % 30) + 17 * moment.day
    private = account.role.standing is Standing.PRIVATE
    return {
        "followerCount": followers,
        "followingCount": 20 + words[5] % 900,
        "heart": likes,
        "heartCount": likes,
        "videoCount": 0 if private else posts_on(account, moment.day),
        "diggCount": words[6] % 9_000,
        "friendCount": words[7] % 60,
    }


def shown_counts(account: Account, moment: Moment) -> dict[str, int]:
    """Return the counters as displayed, rounded."""
    return {name: displayed(count) for name, count in exact_counts(account, moment).items()}


def as_texts(counts: dict[str, int]) -> dict[str, str]:
    """Return counters as `statsV2` writes them: decimal strings."""
    return {name: str(count) for name, count in counts.items()}


def share_meta(account: Account, moment: Moment) -> dict[str, str]:
    """Return title and description for link previews."""
    counts = shown_counts(account, moment)
    return {
        "title": f"{account.nickname} on TikTok",
        "desc": f"@{account.username} {counts['followerCount']} Followers, {counts['heart']} Likes",
    }


def user_entity(account: Account, moment: Moment) -> dict[str, Any]:
    """Return `userInfo` as profile pages and `user/detail` carry it."""
    counts = exact_counts(account, moment)
    return {
        "user": profile_object(account, moment),
        "stats": {name: displayed(count) for name, count in counts.items()},
        "statsV2": as_texts(counts),
        "itemList": [],
    }


def user_row(account: Account, moment: Moment) -> dict[str, Any]:
    """Return a row of a follower list."""
    counts = exact_counts(account, moment) | {"friendCount": 0}
    return {
        "user": author_object(account, moment),
        "stats": {name: displayed(count) for name, count in counts.items()},
        "statsV2": as_texts(counts),
    }
