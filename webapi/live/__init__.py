"""Answers while the caller waits: trending, users, videos, hashtags, searches and sounds, below `/api/v1`."""

from __future__ import annotations

from webapi.live.routes.hashtag import HASHTAG
from webapi.live.routes.search import SEARCH
from webapi.live.routes.sound import SOUND
from webapi.live.routes.status import PROXY, TOKENS
from webapi.live.routes.trending import TRENDING
from webapi.live.routes.user import USER
from webapi.live.routes.video import VIDEO

LIVE = (TRENDING, USER, VIDEO, HASHTAG, SEARCH, SOUND, PROXY, TOKENS)
