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
    wanted = _rows_wanted(run)
    return lambda harvest: _has_ended(harvest) or _has_rows(harvest, run, wanted) or _is_passed(harvest, run)


def _has_record(harvest: Harvest) -> bool:
    judgement = harvest.judgement()
    return judgement is not None and (judgement.verdict is Verdict.OK or judgement.verdict in PERMANENT)


def _has_ended(harvest: Harvest) -> bool:
    page = harvest.last_page
    return page is not None and page.has_more is False


def _rows_wanted(run: ListRun) -> int | None:
    """Rows until the limit; unknown where dates leave some out."""
    selection = run.selection
    if selection.limit is None or selection.since or selection.until:
        return None
    return selection.limit - run.kept


def _has_rows(harvest: Harvest, run: ListRun, wanted: int | None) -> bool:
    return wanted is not None and len({key for key in harvest.row_keys() if key not in run.seen}) >= wanted


def _is_passed(harvest: Harvest, run: ListRun) -> bool:
    """The posts of a profile come newest first: behind `since` there is nothing to be had."""
    since = run.selection.since
    if since is None or run.operation is not Operation.PROFILE_VIDEOS or not harvest.answers:
        return False
    posts = [
        item for item in harvest.answers[-1].parsed.items if isinstance(item, Video) and not item.is_pinned
    ]
    return bool(posts) and posts[-1].created_at is not None and posts[-1].created_at < since
