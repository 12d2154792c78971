"""How a crawl as a whole ended, and the exit code that says so to scripts."""

from __future__ import annotations

from enum import IntEnum

from scrapy.crawler import Crawler

from pipelines.progress import ProgressPipeline
from tiktok.outcomes import ListState
from tiktok.verdicts import PERMANENT, Verdict


class Ending(IntEnum):
    """Exit code of `scrapy crawl`. 2 is bad input: nothing was crawled."""

    DONE = 0
    """Every target was read whole, or is known to be gone, private, banned, …"""
    CRASHED = 1
    """An error of ours, or of the database."""
    INCOMPLETE = 3
    """Some target was refused, some list is known to lack rows, or some media could not be had."""


def ending_of(crawler: Crawler) -> Ending:
    """Judge a crawl that is over."""
    stats = crawler.stats
    station = crawler.get_item_pipeline(ProgressPipeline)
    if stats.get_value("store/failed") or stats.get_value("spider_exceptions/count"):
        return Ending.CRASHED
    if stats.get_value("finish_reason", "finished") != "finished":
        return Ending.INCOMPLETE
    if station is None or not station.outcomes or len(station.outcomes) < stats.get_value("targets", 0):
        return Ending.CRASHED
    answers = {Verdict.OK, Verdict.EMPTY, *PERMANENT}
    answered = all(outcome.outcome in answers for outcome in station.outcomes.values())
    whole = all(listing.state is ListState.COMPLETE for listing in station.listings.values())
    archived = not (stats.get_value("media/failed") or stats.get_value("media/pending"))
    return Ending.DONE if answered and whole and archived else Ending.INCOMPLETE
