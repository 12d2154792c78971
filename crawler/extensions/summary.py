"""What the crawl came to, said once at its end: found, new, changed, routes, completeness, refusals."""

from __future__ import annotations

from collections import Counter
from typing import Any, Self

from rich.console import Console
from rich.table import Table
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.endings import Ending, ending_of
from pipelines.progress import ProgressPipeline
from tiktok.items import ITEM_TYPES
from tiktok.media.wishes import Role
from tiktok.outcomes import Listing
from tiktok.verdicts import Verdict

SHOWN = 20
"""Targets told one by one; of more, the worst."""


class Summary:
    """Prints to the terminal's error stream, so that an export to standard output stays clean."""

    def __init__(self, crawler: Crawler, console: Console | None = None) -> None:
        self.crawler = crawler
        self.console = console or Console(stderr=True, highlight=False)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.engine_stopped, signal=signals.engine_stopped)
        return extension

    def engine_stopped(self) -> None:
        station = self.crawler.get_item_pipeline(ProgressPipeline)
        if station is None or self.crawler.spider is None:
            return
        stats = self.crawler.stats.get_stats()
        self._tell_items(stats)
        self._tell_media(stats)
        self._tell_targets(station)
        self._tell_routes(stats)
        self._tell_circuits(stats)
        ending = ending_of(self.crawler)
        job = f", as job {stats['job/id']}" if "job/id" in stats else ""
        self.console.print(f"[bold]{self.crawler.spider.name}[/]: {_ending_words(ending, stats)}{job}")

    def _tell_items(self, stats: dict[str, Any]) -> None:
        table = Table(title="Stored", title_justify="left", box=None, pad_edge=False)
        for heading in ("type", "exported", "new", "changed", "unchanged"):
            table.add_column(heading, justify="left" if heading == "type" else "right")
        for item_type in ITEM_TYPES:
            name = item_type.type
            exported = stats.get(f"items/{name}", 0)
            counts = [stats.get(f"store/{name}/{change}", 0) for change in ("new", "changed", "unchanged")]
            if exported or any(counts):
                table.add_row(name, *(f"{count:,}" for count in (exported, *counts)))
        if table.row_count:
            self.console.print(table)
        if rejected := stats.get("store/rejected"):
            self.console.print(f"set aside: {rejected:,}, each with its reason in the table `rejects`")

    def _tell_media(self, stats: dict[str, Any]) -> None:
        whole, uploaded = stats.get("media/downloaded", 0), stats.get("media/uploaded", 0)
        failed = stats.get("media/failed", 0) + stats.get("media/upload_failed", 0)
        left = stats.get("media/pending", 0) + stats.get("media/upload_left", 0)
        if not whole + failed + left:
            return
        files = [(role, stats.get(f"media/files/{role}", 0)) for role in Role]
        fetched = ", ".join(f"{count:,} {role}{'s' * (count > 1)}" for role, count in files if count)
        size = stats.get("media/bytes", 0) / 1e6
        known = stats.get("media/known", 0)
        more = {
            "posts uploaded": uploaded,
            "files were there": known,
            "posts failed": failed,
            "posts left for the next crawl": left,
        }
        words = [f"{whole:,} posts whole", f"fetched {fetched or 'nothing'} ({size:,.1f} MB)"]
        words += [f"{count:,} {what}" for what, count in more.items() if count]
        self.console.print(f"media: {'; '.join(words)}")

    def _tell_targets(self, station: ProgressPipeline) -> None:
        table = Table(title="Targets", title_justify="left", box=None, pad_edge=False)
        for heading in ("target", "outcome", "list", "reason"):
            table.add_column(heading, overflow="fold")
        lists: dict[str, Listing] = {listing.target: listing for listing in station.listings.values()}
        outcomes = sorted(station.outcomes.values(), key=lambda outcome: outcome.outcome == Verdict.OK)
        for outcome in outcomes[:SHOWN]:
            listing = lists.get(outcome.target)
            table.add_row(outcome.target, outcome.outcome, listing.state if listing else "", outcome.reason)
        if table.row_count:
            self.console.print(table)
        if station.ended > SHOWN:
            self.console.print(f"and {station.ended - SHOWN:,} more, in the table `outcomes`")

    def _tell_routes(self, stats: dict[str, Any]) -> None:
        answers: dict[str, Counter[str]] = {}
        for stat, count in stats.items():
            match stat.split("/"):
                case ["route", route, verdict] if verdict not in ("left", "retried"):
                    answers.setdefault(route, Counter())[verdict] += count
        for route, verdicts in sorted(answers.items()):
            words = ", ".join(f"{count:,} {verdict}" for verdict, count in verdicts.most_common())
            self.console.print(f"route {route}: {words}")

    def _tell_circuits(self, stats: dict[str, Any]) -> None:
        for stat, count in sorted(stats.items()):
            match stat.split("/"):
                case ["circuit", endpoint, "passed_over"]:
                    self.console.print(f"{endpoint} refused everybody: passed over {count:,} times")


def _ending_words(ending: Ending, stats: dict[str, Any]) -> str:
    seconds = stats.get("elapsed_time_seconds", 0)
    words = {
        Ending.DONE: "[green]done[/]",
        Ending.CRASHED: "[red]stopped by an error[/], see the log",
        Ending.INCOMPLETE: "[yellow]incomplete[/]; start it again to go on",
    }
    return f"{words[ending]} in {seconds:.1f} s"
