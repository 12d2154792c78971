"""The document of this family as tables: endpoints with their fields, bounds, and what each ending answers with."""

from __future__ import annotations

from typing import Any

from tests.webapi.checks import (
    Check,
    boolean,
    each,
    exactly,
    having,
    integer,
    mapping,
    matching,
    nullable,
    number,
    text,
)

MOMENT = matching(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
ID = matching(r"\d+")

FOUND: dict[str, Check] = {
    "source": text, "fetched_at": MOMENT, "cached": boolean, "cached_at": nullable(MOMENT), "stale": boolean,
    "stale_reason": nullable(text),
}  # fmt: skip
LISTED: dict[str, Check] = FOUND | {
    "outcome": text, "count": integer, "complete": boolean, "truncated": nullable(text),
    "declared": nullable(integer), "cursor": nullable(text),
}  # fmt: skip
VIDEO = having(
    type=exactly("video"), id=ID, url=text, description=text, created_at=MOMENT, user_id=ID, username=text,
    views=integer, likes=integer, shares=integer, comments_count=integer, hashtags=each(text),
    duration=nullable(number),
)  # fmt: skip
USER = having(
    type=exactly("user"), id=ID, username=text, display_name=text, followers=integer, following=integer,
    total_likes=integer, total_videos=integer, verified=boolean, bio=text,
)  # fmt: skip
LISTED_USER = having(type=exactly("user"), id=ID, username=text, display_name=text, followers=integer)
COMMENT = having(
    type=exactly("comment"), id=ID, video_id=ID, text=text, created_at=MOMENT, username=text, likes=integer
)
HASHTAG = having(type=exactly("hashtag"), name=exactly("funny"), id=ID, views=integer)
SOUND = having(type=exactly("sound"), id=ID, title=text)

RECORDS: dict[str, Check] = {
    "/api/v1/user/khaby.lame/info": USER,
    "/api/v1/user/@Khaby.Lame/info": USER,
    "/api/v1/video/{video}": VIDEO,
    "/api/v1/video/https%3A%2F%2Fwww.tiktok.com%2F%40khaby.lame%2Fvideo%2F{video}": VIDEO,
    "/api/v1/video/https%3A%2F%2Fwww.tiktok.com%2F%40khaby.lame%2Fvideo%2F{video}%3Flang%3Den": VIDEO,
    "/api/v1/video/https%3a%2f%2fm.tiktok.com%2fv%2f{video}.html": VIDEO,
    "/api/v1/video/https://www.tiktok.com/@khaby.lame/video/{video}": VIDEO,
    "/api/v1/hashtag/funny/info": HASHTAG,
    "/api/v1/hashtag/%23Funny/info": HASHTAG,
    "/api/v1/sound/{sound}/info": SOUND,
}
"""Path → the record."""
LISTS: dict[str, Check] = {
    "/api/v1/trending/videos": VIDEO,
    "/api/v1/user/khaby.lame/videos": VIDEO,
    "/api/v1/user/khaby.lame/followers": LISTED_USER,
    "/api/v1/user/khaby.lame/following": LISTED_USER,
    "/api/v1/video/{video}/comments": COMMENT,
    "/api/v1/video/https%3A%2F%2Fwww.tiktok.com%2F%40khaby.lame%2Fvideo%2F{video}/comments": COMMENT,
    "/api/v1/hashtag/funny/videos": VIDEO,
    "/api/v1/search/users?q=iphone%20case": LISTED_USER,
    "/api/v1/search/videos?q=iphone%20case": VIDEO,
    "/api/v1/sound/{sound}/videos": VIDEO,
}
"""Path → a row of the list."""
COUNTED: dict[str, Check] = {
    "/api/v1/proxy/status": having(
        enabled=boolean, algorithm=text, total=integer, working=integer, proxies=nullable(each(mapping))
    ),
    "/token-stats": having(
        total_tokens=integer, healthy_tokens=integer, expired_tokens=integer, identities=mapping
    ),
}
PARSED: dict[str, Check] = {
    "video_id": ID, "original_url": text, "data": having(id=ID, url=text, username=nullable(text))
}  # fmt: skip
ERROR: dict[str, Check] = {"error": text, "detail": text, "status_code": integer}

GOOD_QUERIES = ("count=1", "count=7", "count=500", "fresh=1", "fresh=0", "fresh=true", "count=30&fresh=false")
BAD_QUERIES: dict[str, str] = {
    "count=0": "count", "count=-1": "count", "count=501": "count", "count=x": "count", "count=1.5": "count",
    "count=": "count", "cursor=": "cursor", "fresh=maybe": "fresh", "limit=3": "limit", "Count=3": "Count",
}  # fmt: skip
"""Query → the field that the answer names."""
BAD_TARGETS: dict[str, str] = {
    "/api/v1/user/a/info": "username",
    "/api/v1/user/khaby.lame./videos": "username",
    "/api/v1/user/%F0%9F%98%80/info": "username",
    "/api/v1/user/%00%00/info": "username",
    "/api/v1/video/1": "video_id",
    "/api/v1/video/x/comments": "video_id",
    "/api/v1/video/9999999999999999999": "video_id",
    "/api/v1/video/https%3A%2F%2Fexample.org%2F%40khaby.lame%2Fvideo%2F7106594312292453675": "video_id",
    "/api/v1/video/http%3A%2F%2F169.254.169.254%2Flatest": "video_id",
    "/api/v1/video/file%3A%2F%2F%2Fetc%2Fpasswd": "video_id",
    "/api/v1/hashtag/two%20words/info": "hashtag",
    "/api/v1/sound/x/info": "sound_id",
    "/api/v1/search/users?q=%20": "q",
}
"""Path → the field that the answer names."""
BAD_URLS: dict[str, tuple[Any, int]] = {
    "no body": ({}, 422),
    "no text": ({"url": 1}, 422),
    "empty": ({"url": ""}, 422),
    "unknown field": ({"url": "https://www.tiktok.com/@a/video/7106594312292453675", "follow": 1}, 422),
    "no boolean": ({"url": "https://vm.tiktok.com/ZMabc123/", "resolve_redirects": "yes"}, 422),
    "elsewhere": ({"url": "https://example.org/@khaby.lame/video/7106594312292453675"}, 400),
    "inside": ({"url": "http://127.0.0.1:22/@khaby.lame/video/7106594312292453675"}, 400),
    "the cloud's": ({"url": "http://169.254.169.254/t/ZMabc123/"}, 400),
    "a lookalike": ({"url": "https://vm.tiktok.com.example.org/ZMabc123/"}, 400),
    "credentials": ({"url": "https://vm.tiktok.com@example.org/ZMabc123/"}, 400),
    "a profile": ({"url": "https://www.tiktok.com/@khaby.lame"}, 400),
    "a short link that may not be followed": (
        {"url": "https://vm.tiktok.com/ZMabc123/", "resolve_redirects": False}, 400,
    ),
    "a dead short link": ({"url": "https://vm.tiktok.com/ZMabc123/"}, 404),
}  # fmt: skip

ENDINGS: dict[str, int] = {
    "not_found": 404, "banned": 404, "taken_down": 404, "private": 403, "age_gated": 403, "unavailable": 403,
    "region_blocked": 451, "login_required": 424, "gated": 424, "withheld": 424, "no_data": 424,
    "schema_changed": 424, "captcha": 503, "waf_challenge": 503, "blocked": 503, "rate_limited": 503, "network": 503,
}  # fmt: skip
"""How a lookup ends → status."""
VIDEO_PATH = "/api/v1/video/{post}"
MARKED: dict[str, int] = {
    "age_gated": 403, "region_blocked": 451, "deleted": 404, "private": 403, "under_review": 403, "taken_down": 404,
}  # fmt: skip
"""Posts of the stand-in that can't be seen → status."""
ACCOUNTS: dict[str, int] = {
    "/api/v1/user/private.garden/info": 403,
    "/api/v1/user/private.garden/videos": 403,
    "/api/v1/user/banned.account/info": 404,
    "/api/v1/user/deleted.account/info": 404,
    "/api/v1/user/old.handle/info": 404,
    "/api/v1/hashtag/nosuchtagatall/info": 404,
    "/api/v1/sound/1/info": 404,
}
