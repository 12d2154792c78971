"""TikTok's own status codes: `statusCode` of the web's answers, `status_code` of the app's.

Names from the enumeration in TikTok's front end (10xxx) and from observations of 2026 (the others).
"""

from __future__ import annotations

from enum import IntEnum


class StatusCode(IntEnum):
    """What TikTok says about its answer, where it is not 0."""

    LOGIN_EXPIRED = 8
    CLIENT_PAGE_ERROR = 450
    VERIFY_CODE = 10000
    SERVER_ERROR_NOT_500 = 10101
    """A server's panic or a soft block: seen for both."""
    USER_NOT_LOGIN = 10102
    NET_ERROR = 10111
    SHARK_SLIDE = 10113
    SHARK_BLOCK = 10114
    LIVE_NEED_LOGIN = 10119
    INVALID_ENTITY = 10201
    """Parameters missing or refused, or an id that nobody has: the same code for both."""
    USER_NOT_EXIST = 10202
    MUSIC_NOT_EXIST = 10203
    VIDEO_NOT_EXIST = 10204
    """Deleted or never there, and also seen for posts that only our exit may not see."""
    HASHTAG_NOT_EXIST = 10205
    EFFECT_NOT_EXIST = 10208
    HASHTAG_BLACK_LIST = 10209
    LIVE_NOT_EXIST = 10210
    HASHTAG_SENSITIVITY_WORD = 10211
    HASHTAG_UNSHELVE = 10212
    VIDEO_LOW_AGE_M = 10213
    VIDEO_LOW_AGE_T = 10214
    VIDEO_ABNORMAL = 10215
    VIDEO_PRIVATE_BY_USER = 10216
    VIDEO_FIRST_REVIEW_UNSHELVE = 10217
    MUSIC_UNSHELVE = 10218
    MUSIC_NO_COPYRIGHT = 10219
    VIDEO_UNSHELVE_BY_MUSIC = 10220
    USER_BAN = 10221
    """Banned, and also answered for names that nobody has."""
    USER_PRIVATE = 10222
    """Also answered when the account is readable all the same."""
    USER_FTC = 10223
    """A child's account."""
    GAME_NOT_EXIST = 10224
    USER_UNIQUE_SENSITIVITY = 10225
    VIDEO_NEED_RECHECK = 10227
    VIDEO_RISK = 10228
    VIDEO_R_MASK = 10229
    VIDEO_RISK_MASK = 10230
    VIDEO_GEOFENCE_BLOCK = 10231
    FYP_VIDEO_LIST_LIMIT = 10404
    CREATIVE_CENTER_LOGIN = 40101
    USER_NOT_FOUND = 100002
    LOGIN_NEEDED = 209002

    @property
    def rule(self) -> str:
        """Name under which a judgement cites the code."""
        return self.name.lower()
