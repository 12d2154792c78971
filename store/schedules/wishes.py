"""What a schedule asks for, read as every job is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from store.errors import ScheduleRefused
from store.jobs.arguments import InvalidArgument
from store.jobs.filling import Wanted
from store.jobs.kinds import find_kind
from tiktok.errors import InvalidTarget


def read_wish(
    kind_name: str, targets: Sequence[str], parameters: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], list[Wanted]]:
    """Read parameters and targets; raise `ScheduleRefused`, which names the field."""
    try:
        kind = find_kind(kind_name)
        if kind.target and not targets:
            raise ScheduleRefused(f"{kind.target.name}: is missing; give {kind.target.help}")
        return kind.read_parameters(parameters), list(kind.read_targets(targets, now=now))
    except (InvalidArgument, InvalidTarget) as error:
        raise ScheduleRefused(str(error)) from error
