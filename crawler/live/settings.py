"""Scrapy settings in which the resident crawl differs from others; all else is in `crawler.settings`."""

from store.config import load_config

_config = load_config()

LIVE_MOST = _config.live_most
LIVE_DEADLINE_SECONDS = _config.live_deadline_seconds
LIVE_MEMORY_MB = _config.live_memory_mb

# A lookup is nobody's job: nothing is claimed, and nothing is left for another process.
JOBS_ENABLED = False
EXTENSIONS = {
    "crawler.extensions.collector.SparingCollector": 0,
    "crawler.extensions.log_level.LogLevel": 0,
    "crawler.extensions.identities.Identities": 0,
}
EXTENSIONS_BASE: dict[str, int] = {}

# Unlike a crawl it may be idle for hours, and others may want whom it has, the operator's accounts above all.
IDENTITY_IDLE_SECONDS = 30

# Station 200 would take what a second caller asks for as a repetition, and 900 counts for a summary at the end. Files
# are not what a caller waits for.
MEDIA = False
ITEM_PIPELINES = {
    "pipelines.validate.ValidatePipeline": 100,
    "pipelines.upsert.UpsertPipeline": 300,
}

# Whoever waits longest has given up by then.
DOWNLOAD_TIMEOUT = min(60.0, 3 * LIVE_DEADLINE_SECONDS)
