from __future__ import annotations

from scrapy.crawler import AsyncCrawlerRunner

from crawler.counters import Counters
from crawler.spiders.video import VideoSpider


def test_counters_count_as_scrapys_do() -> None:
    crawler = AsyncCrawlerRunner({"TWISTED_REACTOR_ENABLED": False}).create_crawler(VideoSpider)
    counters = Counters(crawler)

    counters.inc_value("answers")
    counters.inc_value("answers", 2)
    counters.max_value("depth", 3)
    counters.set_value("finish_reason", "finished")

    assert counters.get_stats() == {"answers": 3, "depth": 3, "finish_reason": "finished"}
    assert counters.get_value("unheard", 0) == 0
