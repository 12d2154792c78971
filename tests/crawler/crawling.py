"""Crawls in this process, with all middlewares and stations, and what a test wants to know of one afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from sqlalchemy import Engine, Update, make_url
from sqlalchemy.orm import Session

from crawler.endings import Ending, ending_of
from pipelines.companions import Companions
from pipelines.progress import ProgressPipeline
from store.engine import open_engine, writing
from store.models import Base
from tiktok.items import Item
from tiktok.outcomes import Listing, Outcome

ItemType = TypeVar("ItemType", bound=Item)
Table = TypeVar("Table", bound=Base)


@dataclass(frozen=True, slots=True)
class Site:
    """Where crawls of one test go: the site that they ask and the database that they fill."""

    url: str
    database_url: str
    data_dir: Path
    """Where the key of the identities' secrets is kept."""

    async def crawl(
        self, spider: str, *, settings: Mapping[str, Any] | None = None, **arguments: Any
    ) -> Crawl:
        """Run a spider to its end, as `scrapy crawl SPIDER -a NAME=VALUE …` does."""
        runner = AsyncCrawlerRunner(self._settings(settings or {}))
        crawler = runner.create_crawler(spider)
        passed: list[Any] = []

        def note(item: Any) -> None:
            passed.append(item)

        crawler.signals.connect(note, signal=signals.item_scraped)
        await runner.crawl(crawler, **arguments)
        return Crawl.of(crawler, passed)

    @property
    def archive(self) -> Path:
        """Where media are archived."""
        return self.data_dir / "media"

    def engine(self) -> Engine:
        """The database; whoever asks disposes of it."""
        return open_engine(self.database_url)

    def rows(self, table: type[Table]) -> list[Table]:
        """All rows of a table, in the order of its key."""
        engine = self.engine()
        try:
            with Session(engine) as session:
                return session.query(table).order_by(*table.__table__.primary_key).all()
        finally:
            engine.dispose()

    def change(self, statement: Update) -> None:
        """Rewrite what is stored, as time or somebody else might have."""
        engine = self.engine()
        try:
            with writing(engine).begin() as connection:
                connection.execute(statement)
        finally:
            engine.dispose()

    def _settings(self, more: Mapping[str, Any]) -> Settings:
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        settings.update(
            {
                "TIKTOK_BASE_URL": self.url,
                "TIKTOK_SHOP_BASE_URL": self.url,
                "DATABASE_URL": self.database_url,
                "DATA_DIR": str(self.data_dir),
                "FILES_STORE": str(self.archive),
                "MEDIA_MIN_FREE_MB": 0,
                "POLITE_PACE": False,
                "GUESTS_PER_EXIT": 16,
                "REST_FACTOR": 0.0,
                # pytest's event loop carries the crawl; a reactor could be started only once.
                "TWISTED_REACTOR_ENABLED": False,
                # Nothing leaves the loopback, and reading the system's certificates takes longer than a crawl.
                "DOWNLOAD_HANDLERS": {"http": "crawler.handlers.http.HttpHandler", "https": None},
                # Python's garbage collector belongs to all tests.
                "GC_THRESHOLD": 0,
                **more,
            },
            priority="cmdline",
        )
        return settings


@dataclass(frozen=True, slots=True)
class Crawl:
    """What a crawl came to."""

    items: list[Item]
    """What a feed would export, in order."""
    companions: list[Item]
    outcomes: dict[str, Outcome]
    """By target."""
    listings: dict[str, Listing]
    """By what is listed."""
    stats: dict[str, Any]
    ending: Ending
    checkpoints: list[Listing] = field(repr=False)
    """Every state of every list, as it passed the stations."""

    @classmethod
    def of(cls, crawler: Crawler, passed: list[Any]) -> Self:
        """Sort what passed all stations."""
        station = crawler.get_item_pipeline(ProgressPipeline)
        assert station
        return cls(
            items=[item for item in passed if isinstance(item, Item)],
            companions=[one for parcel in passed if isinstance(parcel, Companions) for one in parcel.items],
            outcomes={outcome.target: outcome for outcome in station.outcomes.values()},
            listings={listing.target: listing for listing in station.listings.values()},
            stats=crawler.stats.get_stats(),
            ending=ending_of(crawler),
            checkpoints=[record for record in passed if isinstance(record, Listing)],
        )

    @property
    def outcome(self) -> Outcome:
        """How the only target ended."""
        (outcome,) = self.outcomes.values()
        return outcome

    @property
    def listing(self) -> Listing:
        """How the only list ended."""
        (listing,) = self.listings.values()
        return listing

    def of_type(self, item_type: type[ItemType]) -> list[ItemType]:
        """The exported items of one type."""
        return [item for item in self.items if isinstance(item, item_type)]

    def counts(self) -> Counter[str]:
        """How many items of each type were exported."""
        return Counter(item.type for item in self.items)


def is_mysql_url(url: str) -> bool:
    """Tell a server's URL from a file's."""
    return make_url(url).get_backend_name() != "sqlite"
