"""What a job can be: one kind per spider, of the same name, with all arguments it takes.

`scrapy crawl …`, the API and schedules all read what they are given here, so the same wish makes the same job.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store.jobs.arguments import (
    FRESH,
    LIMIT,
    ONLY_NEW,
    SINCE,
    UNTIL,
    Argument,
    InvalidArgument,
    count,
    one_of,
    read_arguments,
    switch,
    word,
)
from store.jobs.filling import Wanted
from store.jobs.media_arguments import MEDIA_ARGUMENTS
from store.jobs.shop_arguments import (
    CHOICES,
    SHOP_KINDS,
    SHOP_REGION,
    SHOP_TARGET,
    check_choice,
    read_shop_target,
    shop_target_of,
)
from tiktok.targets import WORDS, Target, TargetKind
from tiktok.urls import SITE, read_target
from tiktok.usernames import read_username, username_target

TRENDING_LIMIT = 100
"""The feed has no end of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of job."""

    name: str
    target: Argument | None
    """The argument that names the targets; empty where there is only one."""
    target_kind: TargetKind
    more: tuple[Argument, ...] = ()
    choices: tuple[Argument, ...] = ()
    """A spider's arguments of which one names the targets, each of another kind; jobs write them as `target`."""
    is_bulk: bool = False
    """Targets come by the thousand, as a list of usernames; those that can't be read are rows of the ledger, too."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """All arguments, the target's first."""
        return (*(self.choices or ([self.target] if self.target else [])), *self.more)

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Read a spider's arguments; raise `InvalidArgument`."""
        values = self._checked(read_arguments(self.name, self.arguments, given))
        if self.choices:
            check_choice(values)
        return values

    def read_more(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Read all arguments but the targets, among them those that a job keeps."""
        return self._checked(read_arguments(self.name, self.more, parameters))

    def read_parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Read all arguments but the targets, as a job keeps them: what differs from the default, fit for JSON."""
        values = self.read_more(given)
        defaults = {argument.name: argument.default for argument in self.more}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in values.items()
            if value != defaults[name]
        }

    def read_targets(
        self, texts: Iterable[str], *, now: datetime | None = None, site: str = SITE
    ) -> Iterator[Wanted]:
        """Read targets as people write them; raise `InvalidTarget`, but in bulk, where the ledger says so."""
        if self.target is None:
            yield Wanted(self.name, self.name)
            return
        for text in texts:
            if self.choices:
                yield read_shop_target(text, site)
                continue
            if self.is_bulk:
                name = read_username(text, site=site)
                yield Wanted(name.given, name.username, name.reason or "")
                continue
            target = read_target(text, self.target_kind, now=now, field=self.target.name, site=site)
            is_short = target.kind is TargetKind.SHORT_LINK
            yield Wanted(text.strip(), target.url if is_short else target.key)

    def target_of(self, key: str) -> Target:
        """Make the target of a ledger's row again."""
        if self.is_bulk:
            return username_target(key)
        if self.choices:
            return shop_target_of(key)
        if key.startswith("https://") and self.target_kind is not TargetKind.SEARCH:
            return read_target(key, self.target_kind)
        return WORDS[self.target_kind](key)

    def takes(self, kind: TargetKind) -> bool:
        """Tell whether this kind of job crawls such a thing."""
        return kind in SHOP_KINDS.values() if self.choices else kind is self.target_kind

    def _checked(self, values: dict[str, Any]) -> dict[str, Any]:
        since, until = values.get("since"), values.get("until")
        if since and until and since >= until:
            raise InvalidArgument("until", f"{until:%Y-%m-%d} is not after since", "swap them or drop one")
        return values


_ALL = (
    Kind(
        name="profile",
        target=Argument("user", word, "@name, profile URL, user id or secUid", is_required=True),
        target_kind=TargetKind.USER,
        more=(LIMIT, SINCE, UNTIL, ONLY_NEW, FRESH, *MEDIA_ARGUMENTS),
    ),
    Kind(
        name="hashtag",
        target=Argument("tag", word, "#name or hashtag URL", is_required=True),
        target_kind=TargetKind.HASHTAG,
        more=(LIMIT, SINCE, UNTIL, FRESH, *MEDIA_ARGUMENTS),
    ),
    Kind(
        name="video",
        target=Argument("url", word, "post URL, short link or id", is_required=True),
        target_kind=TargetKind.VIDEO,
        more=MEDIA_ARGUMENTS,
    ),
    Kind(
        name="sound",
        target=Argument("id", word, "sound id or music URL", is_required=True),
        target_kind=TargetKind.SOUND,
        more=(LIMIT, SINCE, UNTIL, FRESH, *MEDIA_ARGUMENTS),
    ),
    Kind(
        name="comments",
        target=Argument("video", word, "post URL, short link or id", is_required=True),
        target_kind=TargetKind.VIDEO,
        more=(Argument("replies", switch, "0: leave out the replies", default=True), LIMIT, FRESH),
    ),
    Kind(
        name="search",
        target=Argument("q", word, "words to search, or a search URL", is_required=True),
        target_kind=TargetKind.SEARCH,
        more=(
            Argument("kind", one_of("videos", "users"), "what to search: videos or users", default="videos"),
            LIMIT,
            SINCE,
            UNTIL,
            FRESH,
            *MEDIA_ARGUMENTS,
        ),
    ),
    Kind(
        name="follows",
        target=Argument("user", word, "@name, profile URL, user id or secUid", is_required=True),
        target_kind=TargetKind.USER,
        more=(
            Argument(
                "kind", one_of("followers", "following"), "who: followers or following", default="followers"
            ),
            LIMIT,
            FRESH,
        ),
    ),
    Kind(
        name="trending",
        target=None,
        target_kind=TargetKind.TRENDING,
        more=(Argument("limit", count, LIMIT.help, default=TRENDING_LIMIT), *MEDIA_ARGUMENTS),
    ),
    Kind(
        name="shop",
        target=SHOP_TARGET,
        target_kind=TargetKind.PRODUCT,
        choices=CHOICES,
        more=(LIMIT, SHOP_REGION, FRESH),
    ),
    Kind(
        name="bulk_profiles",
        target=Argument("file", word, "file with one username per line", is_required=True),
        target_kind=TargetKind.USER,
        more=(Argument("cache", switch, "0: ask even for profiles that were read lately", default=True),),
        is_bulk=True,
    ),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}


def find_kind(name: str) -> Kind:
    """Find a kind by its name; raise `InvalidArgument`."""
    if name not in KINDS:
        raise InvalidArgument("kind", f"{name!r} is not known", f"write one of {', '.join(KINDS)}")
    return KINDS[name]
