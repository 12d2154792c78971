"""Jobs of one thing to crawl: a profile, a post or a hashtag, by its address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine

from store.jobs.creation import JobRequest, create_job
from store.jobs.errors import KeyReused
from store.jobs.kinds import find_kind
from store.jobs.rows import Job
from store.jobs.sequels import SEQUELS
from tiktok.targets import TargetKind
from tiktok.urls import read_target
from webapi.services.errors import Unusable

KINDS = {"user": "profile", "video": "video", "hashtag": "hashtag"}
"""Word of the API → kind of job."""
MAX_COMMENTS = 200
"""Per post. Popular posts have a hundred thousand, which take hours at a polite pace."""
TYPES = {TargetKind.USER: "user", TargetKind.VIDEO: "video", TargetKind.HASHTAG: "hashtag"}


def request_crawl(
    engine: Engine,
    now: datetime,
    *,
    site: str,
    client_id: str,
    url: str,
    type_: str | None,
    options: Mapping[str, Any],
    key: str | None,
) -> Job:
    """Make a job; raise `InvalidTarget` or `Unusable` for an address that names nothing of that type."""
    _require_address(url)
    type_ = type_ or _type_of(url, site, now)
    kind = find_kind(KINDS[type_])
    comments = {"limit": options.get("max_comments", MAX_COMMENTS)}
    posts = {"limit": options["max_videos"]} if "max_videos" in options and type_ != "video" else {}
    sequel = SEQUELS[0] if options.get("include_comments") else None
    if sequel and type_ == "video":
        # Comments of a post are crawled with the post in one.
        kind, posts, sequel = find_kind(sequel), comments, None
    request = JobRequest(
        kind=kind.name,
        parameters=kind.read_parameters(posts),
        options={"url": url, "type": type_, "options": dict(options)},
        client_id=client_id,
        # Apart from the keys that are used within.
        idempotency_key=f"client {key}" if key else None,
        sequel=sequel,
        sequel_parameters=find_kind(sequel).read_parameters(comments) if sequel else {},
    )
    job = create_job(engine, request, list(kind.read_targets([url], now=now, site=site)), now)
    if job.options != request.options:
        raise KeyReused(job.id)
    return job


def _type_of(url: str, site: str, now: datetime) -> str:
    kind = read_target(url, now=now, field="url", site=site).kind
    if kind not in TYPES:
        raise Unusable(f"type: can't be told from this url ({kind}); write one of {', '.join(KINDS)}")
    return TYPES[kind]


def _require_address(url: str) -> None:
    """Bare names are for people at a terminal; where an address is asked for, they are mistakes."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise Unusable(f"url: {url!r} is no address; write one like https://www.tiktok.com/@username")
