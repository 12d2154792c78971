"""The request that asks for an operation over a route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from tiktok.routes import Operation, Route
from tiktok.urls import SITE, Target

CHROME_ON_WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/146.0.0.0 Safari/537.36"
)
"""Default User-Agent; an identity brings its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What a visitor's browser tells about itself; stable for the life of an identity."""

    device_id: str
    odin_id: str | None = None
    web_id_created_at: str | None = None
    region: str = "US"
    language: str = "en"
    timezone: str = "America/New_York"
    user_agent: str = CHROME_ON_WINDOWS
    screen_width: int = 1920
    screen_height: int = 1080
    verify_fp: str | None = None

    @classmethod
    def random(cls, rng: Random, *, region: str = "US", user_agent: str = CHROME_ON_WINDOWS) -> Device:
        """A device that nobody has seen before."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What earlier answers told about the target and the visit."""

    username: str | None = None
    sec_uid: str | None = None
    user_id: str | None = None
    challenge_id: str | None = None
    comment_id: str | None = None
    search_id: str | None = None
    ms_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One GET request."""

    operation: Operation
    route: Route
    url: str
    """Encoded; send these exact bytes."""
    headers: Mapping[str, str]
    """Headers that depend on what is asked; the identity adds its own (User-Agent, cookies)."""
    cursor: str | None = None


def build_ask(
    operation: Operation,
    route: Route,
    target: Target,
    *,
    site: str = SITE,
    device: Device,
    cursor: str | None = None,
    count: int | None = None,
    known: Known = Known(),
) -> Ask:
    """The request for one page of an operation.

    Replies are asked of the video as target with `known.comment_id`. Raises `MissingKnowledge` when an
    earlier answer must come first, `NoRequest` when the route is not asked by a single GET.
    """
    raise NotImplementedError


def oembed_url(target: Target, *, site: str = SITE) -> str:
    """TikTok's documented oEmbed answer for a video or profile: a second opinion about whether it exists."""
    raise NotImplementedError


def short_link_ask(target: Target, *, site: str = SITE) -> Ask:
    """The first hop of a short link; redirects are followed by hand, see `tiktok.urls.next_hop`."""
    raise NotImplementedError
