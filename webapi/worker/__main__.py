"""Runs a worker: `python -m webapi.worker`. SIGTERM or Ctrl-C ends it within ten seconds."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading

from sqlalchemy import Engine

from store.config import Config, load_config
from store.engine import is_mysql, open_engine
from store.errors import DatabaseUnreachable, StoreError
from store.schema import check_schema, migrate
from webapi.worker.cookie_checks import CookieChecks
from webapi.worker.deliveries import Deliveries
from webapi.worker.dispatch import Dispatch
from webapi.worker.looks_again import LooksAgain
from webapi.worker.loop import work
from webapi.worker.presence import Presence, is_anybody_here
from webapi.worker.schedules import Schedules
from webapi.worker.sequels import Sequels
from webapi.worker.shop_cache import ShopCache
from webapi.worker.task import Task, Tools
from webapi.worker.tidying import Tidying
from webapi.worker.watch import Watch

logger = logging.getLogger("webapi.worker")

TASKS: tuple[type[Task], ...] = (
    Presence,
    Dispatch,
    Watch,
    Sequels,
    LooksAgain,
    Schedules,
    ShopCache,
    Deliveries,
    CookieChecks,
    Tidying,
)
WAIT_SECONDS = 2.0
"""Between tries to reach the database at the start."""


def main(arguments: list[str] | None = None) -> int:
    """Work until a signal comes."""
    parser = argparse.ArgumentParser(prog="python -m webapi.worker", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether a worker runs on this machine")
    wants_check = parser.parse_args(arguments).check
    try:
        config = load_config()
        logging.basicConfig(level=config.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        for chatty in ("httpx", "alembic"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        return _check(config) if wants_check else _work(config)
    except StoreError as error:
        sys.stderr.write(f"worker: {error}\n")
        return 1


def _work(config: Config) -> int:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    engine = _open_engine_when_it_is_there(config, stopping)
    if engine is None:
        return 0
    tools = Tools(engine=engine, config=config)
    logger.info("Worker %s begins", tools.holder)
    work([task(tools) for task in TASKS], stopping)
    logger.info("Worker %s ends", tools.holder)
    return 0


def _open_engine_when_it_is_there(config: Config, stopping: threading.Event) -> Engine | None:
    """Connect, waiting for a database that is away; nothing when a signal came first."""
    if config.database_url.startswith("sqlite"):
        config.make_data_dir()
    is_told = False
    while not stopping.is_set():
        try:
            return _prepared(open_engine(config.database_url))
        except DatabaseUnreachable as error:
            if not is_told:
                logger.warning("Waits for the database: %s", error)
                is_told = True
            stopping.wait(WAIT_SECONDS)
    return None


def _prepared(engine: Engine) -> Engine:
    """With tables: a file gets them here, a server by `alembic upgrade head`."""
    if is_mysql(engine):
        check_schema(engine)
    else:
        migrate(engine)
    return engine


def _check(config: Config) -> int:
    if is_anybody_here(open_engine(config.database_url)):
        return 0
    sys.stderr.write("worker: none runs on this machine\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
