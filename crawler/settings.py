"""Scrapy settings; the environment is read in `store.config`. Numbers of stations agree with `docs/stations.md`."""

from importlib.util import find_spec

from scrapy.settings import default_settings as _scrapy

from crawler.handlers.tls_profile import problem_with
from store.config import load_config
from store.errors import ConfigError

try:
    _config = load_config()
except ConfigError as error:
    raise SystemExit(f"scrapy: {error}") from None

BOT_NAME = "tiktok"
SPIDER_MODULES = ["crawler.spiders", "crawler.renewal"]
COMMANDS_MODULE = "crawler.commands"

# Ours
TIKTOK_BASE_URL = _config.tiktok_base_url
TIKTOK_SHOP_BASE_URL = _config.tiktok_shop_base_url
SHOP_REGION = _config.shop_region
SHOP_CURATED = _config.shop_curated
DATABASE_URL = _config.database_url
DATA_DIR = str(_config.data_dir)
POLITE_PACE = _config.polite_pace
DATABASE_PATIENCE_SECONDS = _config.database_patience_seconds

# Jobs: every crawl is one, or a part of one
JOBS_ENABLED = True
HEARTBEAT_SECONDS = _config.heartbeat_seconds
BULK_BATCH_SIZE = _config.bulk_batch_size
BULK_BATCH_SECONDS = _config.bulk_batch_seconds
PROFILE_CACHE_SECONDS = _config.profile_cache_seconds

# Who we are on the wire
USER_AGENT = _config.user_agent
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.9",
}
ROBOTSTXT_OBEY = False  # an operator decides what to crawl, see docs/responsible-use.md

# Pace: PaceMiddleware lets requests out, one after the other per exit; how many wait for it is no matter
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 16  # identities a crawl holds at once, each with one request in flight
# That limits all else: these would only let answers wait for identities that wait for a place behind them.
CONCURRENT_REQUESTS = 1_000
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 2**30
GUESTS_PER_EXIT = (
    4 if POLITE_PACE else 16
)  # each has one request in flight; more gain nothing at a polite pace
REST_FACTOR = 1.0 if POLITE_PACE else 0.0  # a site of our own needs no rest from us
CONCURRENT_ITEMS = 2  # Scrapy starts as many tasks per answer: one for its parcel, one for its requests
DOWNLOAD_TIMEOUT = 60  # the data tag of a slow page comes within 45 s (facts A.3)
IDENTITY_IDLE_SECONDS = (
    0  # after which others may use one that this crawl does not need; 0: a crawl keeps its own
)
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024
DOWNLOAD_WARNSIZE = 8 * 1024 * 1024
DOWNLOAD_VERIFY_CERTIFICATES = True

ASYNCIO_EVENT_LOOP = "uvloop.Loop" if find_spec("uvloop") else None  # a seventh faster; not made for Windows

DOWNLOAD_HANDLERS = {
    "http": "crawler.handlers.by_route.RouteHandler",
    "https": "crawler.handlers.by_route.RouteHandler",
}

TLS_PROFILE = _config.tls_profile
if TLS_PROFILE and (_problem := problem_with(TLS_PROFILE)):
    raise SystemExit(f"scrapy: TLS_PROFILE: {_problem}")

ROUTES_OFF = list(_config.routes_off)

# The browser, of routes that need one (docs/browser.md)
BROWSER_PATH = _config.browser_path
BROWSER_BUILDS = str(_config.playwright_browsers_path or "")
BROWSER_HEADLESS = _config.browser_headless
BROWSER_PATIENCE_SECONDS = _config.browser_patience_seconds
BROWSER_CALL_SECONDS = 15  # for a page to do one thing; a page or browser that takes longer hangs
BROWSER_PAUSE_SECONDS = 0  # before each scroll, beside the turn that it takes at a polite pace
BROWSER_FLAGS = list(_config.browser_flags)
PLAYWRIGHT_BROWSER_PROVIDER = "crawler.browser.provider.ChromiumProvider"
PLAYWRIGHT_ABORT_REQUEST = "crawler.browser.machine.skip_unseen"
PLAYWRIGHT_PROCESS_REQUEST_HEADERS = None  # a browser's headers are its own
PLAYWRIGHT_MAX_PAGES_PER_CONTEXT = 3  # also of the whole browser: two processors are busy with these
PLAYWRIGHT_DOWNLOAD_TIMEOUT = 5_000  # milliseconds for what turns out to be a file instead of a page
METAREFRESH_ENABLED = False  # the pages that refresh themselves are the ones that refuse us
REFERRER_POLICY = "no-referrer"  # every request brings the Referer that TikTok expects, and no other

# What is not needed leaves Scrapy's own lists: one set to `None` in ours is imported to learn which one it is,
# and the libraries behind cookies and remote control alone are a tenth of a crawl's start.
_UNWANTED = {
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware",  # no passwords for sites
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",  # no domains to keep to
    "scrapy.downloadermiddlewares.stats.DownloaderStats",  # counters of our own
    "scrapy.downloadermiddlewares.retry.RetryMiddleware",  # RouteMiddleware decides what follows
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",  # ours takes its place
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware",  # ours takes its place
    # Doors that stay shut: the first executes Python sent to a local port, the second opens a console on one
    "scrapy.extensions.remote_control.RemoteControl",
    "scrapy.extensions.telnet.TelnetConsole",
}


def _wanted(base: dict[str, int]) -> dict[str, int]:
    return {name: place for name, place in base.items() if name not in _UNWANTED}


DOWNLOADER_MIDDLEWARES_BASE = _wanted(_scrapy.DOWNLOADER_MIDDLEWARES_BASE)
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.route.RouteMiddleware": 550,
    "crawler.middlewares.circuits.CircuitsMiddleware": 551,
    "crawler.middlewares.identity.IdentityMiddleware": 552,
    "crawler.middlewares.media.MediaMiddleware": 553,
    "crawler.middlewares.request_log.RequestLogMiddleware": 553,
    "crawler.middlewares.proxies.ProxiesMiddleware": 554,
    "crawler.middlewares.tokens.TokensMiddleware": 556,
    "crawler.middlewares.pace.PaceMiddleware": 558,
    "crawler.middlewares.verdict.VerdictMiddleware": 560,
    "crawler.middlewares.redirects.RedirectMiddleware": 600,
    "crawler.middlewares.cookies.CookiesMiddleware": 700,
}
SPIDER_MIDDLEWARES = {
    # Each of these handles every row and request that a page yields, for nothing we need.
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # TikTok's parameter sets are long, too
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # a refusal's status is part of its verdict
}
ITEM_PROCESSOR = "crawler.stations.Stations"
ITEM_PIPELINES = {
    "pipelines.validate.ValidatePipeline": 100,
    "pipelines.filter.FilterPipeline": 200,
    "pipelines.upsert.UpsertPipeline": 300,
    "pipelines.media.MediaPipeline": 400,
    "pipelines.upload.UploadPipeline": 500,
    "pipelines.progress.ProgressPipeline": 900,
}

# The archive of media (docs/media.md)
FILES_STORE = str(_config.media_dir)  # Scrapy's name for it
MEDIA = _config.media
MEDIA_SOURCE = "crawler.media.source.CrawlSource"
MEDIA_PATH = _config.media_path
MEDIA_STORE = _config.media_store
MEDIA_KEEP_LOCAL = _config.media_keep_local
MEDIA_CONCURRENCY = _config.media_concurrency
MEDIA_CODECS = list(_config.media_codecs)
MEDIA_MAX_RESOLUTION = _config.media_max_resolution or 0
MEDIA_MIN_FREE_MB = _config.media_min_free_mb

GC_THRESHOLD = 50_000  # new objects between two looks for garbage cycles; 0 leaves Python's own
EXTENSIONS_BASE = _wanted(_scrapy.EXTENSIONS_BASE)
EXTENSIONS = {
    "crawler.extensions.log_level.LogLevel": 0,
    "crawler.extensions.collector.SparingCollector": 1,
    "crawler.extensions.identities.Identities": 5,
    "crawler.extensions.shard.ShardKeeper": 6,
    "crawler.extensions.hand_back.HandBack": 7,
    "crawler.extensions.progress_line.ProgressLine": 10,
    "crawler.extensions.answer_counts.AnswerCounts": 11,
    "crawler.extensions.summary.Summary": 20,
}
FEED_EXPORTERS = {
    "csv": "crawler.exporters.CsvExporter",
    "json": "crawler.exporters.JsonExporter",
    "jsonlines": "crawler.exporters.JsonLinesExporter",
    "jsonl": "crawler.exporters.JsonLinesExporter",
    "jl": "crawler.exporters.JsonLinesExporter",
}
FEED_EXPORT_ENCODING = "utf-8"

# Shut twice over, should Scrapy's list change
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

LOG_LEVEL = _config.log_level
LOG_VERSIONS: list[str] = []
LOGSTATS_INTERVAL = 0  # ProgressLine tells more
STATS_CLASS = "crawler.counters.Counters"
STATS_DUMP = False  # Summary tells it in words; -s STATS_DUMP=1 shows all counters
