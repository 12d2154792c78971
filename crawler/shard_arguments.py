"""What a node hands to a spider: the number of a shard and of the attempt at it. All else stands in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.jobs.arguments import PASSED_BY_SCRAPYD, InvalidArgument, count

NAMES = ("shard", "attempt")


@dataclass(frozen=True, slots=True)
class ShardArguments:
    """Which shard to claim."""

    shard_id: int
    attempt: int


def read_shard(given: Mapping[str, Any]) -> ShardArguments | None:
    """Read `-a shard=ID -a attempt=N`; nothing where a person names the targets."""
    if "shard" not in given:
        return None
    others = sorted(set(given) - set(NAMES) - PASSED_BY_SCRAPYD)
    if others:
        raise InvalidArgument(others[0], "can't be given together with shard", "leave it out")
    if "attempt" not in given:
        raise InvalidArgument("attempt", "is missing", "give the one that the shard has")
    shard_id, attempt = (count(name, str(given[name])) for name in NAMES)
    return ShardArguments(shard_id, attempt)
