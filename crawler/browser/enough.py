"""When a visit has found enough: the record, the list's own end, or as many rows as were asked for."""

from __future__ import annotations

from collections.abc import Callable

from crawler.errands import Errand
from crawler.list_runs import ListRun
from tiktok.harvests import Harvest
from tiktok.items import Video
from tiktok.routes import Operation
from tiktok.verdicts import PERMANENT, Verdict


def is_enough(errand: Errand) -> Callable[[Harvest], bool]:
    """Make the test for an errand's harvest."""
    run = errand.run
    if run is None:
        return _has_record
    return lambda harvest: harvest.has_ended or _has_rows(harvest, run) or _is_passed(harvest, run)


def _has_record(harvest: Harvest) -> bool:
    judgement = harvest.judgement
    return judgement is not None and (judgement.verdict is Verdict.OK or judgement.verdict in PERMANENT)


def _has_rows(harvest: Harvest, run: ListRun) -> bool:
    """As many new rows as the limit leaves; unknown where dates leave some out."""
    selection = run.selection
    if selection.limit is None or selection.since or selection.until:
        return False
    return (
        len({key for key in harvest.row_keys() if key not in run.seen})
        >= selection.limit - run.kept + run.to_skip
    )


def _is_passed(harvest: Harvest, run: ListRun) -> bool:
    """The posts of a profile come newest first: behind `since` there is nothing to be had."""
    since, latest = run.selection.since, harvest.latest
    if since is None or run.operation is not Operation.PROFILE_VIDEOS or latest is None:
        return False
    posts = [item for item in latest.parsed.items if isinstance(item, Video) and not item.is_pinned]
    return bool(posts) and posts[-1].created_at is not None and posts[-1].created_at < since
