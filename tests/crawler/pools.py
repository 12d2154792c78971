"""Pools of identities as a crawl has them, on a database of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine

from crawler.identities import IdentityPool
from crawler.ways_out import WaysOut
from pipelines.patience import Patience
from store.engine import open_engine
from store.exits import Exit, ExitBook
from store.identities import Identity, IdentityBook
from store.secrets import Keyring
from tiktok.cookies import Cookie
from tiktok.devices import Device

USER_AGENT = "Mozilla/5.0 test"


@dataclass(frozen=True, slots=True)
class Books:
    """What an operator and other processes see."""

    engine: Engine
    identities: IdentityBook
    exits: ExitBook

    def add_account(self, label: str = "main", **cookies: str) -> Identity:
        """Import cookies of `.tiktok.com`, bound to the direct exit."""
        now = datetime.now(UTC)
        return self.identities.import_account(
            label,
            [
                Cookie(name=name, value=value, expires_at=now + timedelta(days=90), set_at=now)
                for name, value in (cookies or {"ttwid": label}).items()
            ],
            now,
            device=Device.random(Random(label), user_agent=USER_AGENT),  # noqa: S311  # no secret
            exit_id=self.exits.ensure_direct(now).id,
        )


@contextmanager
def open_books(database_url: str, data_dir: Path) -> Iterator[Books]:
    """Open them with the key of this directory."""
    engine = open_engine(database_url)
    keyring = Keyring(file=data_dir / "secret.key")
    try:
        yield Books(engine, IdentityBook(engine, keyring), ExitBook(engine, keyring))
    finally:
        engine.dispose()


@asynccontextmanager
async def open_pool(database_url: str, data_dir: Path, **more: Any) -> AsyncIterator[IdentityPool]:
    """Open a pool with the direct exit, whose proxies, if any, always fail when they are tried."""

    async def probe(_way_out: Exit) -> str:
        return "ConnectionError"

    with open_books(database_url, data_dir) as books:
        books.exits.ensure_direct(datetime.now(UTC))
        pool = IdentityPool(
            books.identities,
            WaysOut(books.exits, Patience(books.engine, seconds=60), probe=probe, refresh=lambda: None),
            **{"most": 8, "guests": 4, "user_agent": USER_AGENT, **more},
        )
        await pool.open()
        yield pool
        await pool.close()
