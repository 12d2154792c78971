"""How a crawl as a whole ended, and the exit code that says so to scripts."""

from __future__ import annotations

from enum import IntEnum

from scrapy.crawler import Crawler

from pipelines.progress import ProgressPipeline

NOT_WANTED = "not_wanted"
"""Why a crawl closes whose shard was cancelled or given to another process before it began."""


MEDIA_LEFT = ("failed", "pending", "upload_failed", "upload_left")
"""Ends of a post's media that leave something to do."""


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
    reason = stats.get_value("finish_reason", "finished")
    if reason == NOT_WANTED:
        return Ending.DONE
    if reason != "finished" or stats.get_value("shard/order"):
        return Ending.INCOMPLETE
    if not crawler.settings.getdict("ITEM_PIPELINES"):  # an errand that crawls nothing
        return Ending.INCOMPLETE if stats.get_value("renewal/failed") else Ending.DONE
    if station is None or not station.ended or station.ended < stats.get_value("targets", 0):
        return Ending.CRASHED
    archived = not any(stats.get_value(f"media/{end}") for end in MEDIA_LEFT)
    is_done = archived and station.is_whole and not station.unanswered
    return Ending.DONE if is_done else Ending.INCOMPLETE
