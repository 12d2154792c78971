"""What belongs to the application, and to the request, that is answered now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy import Engine

from store.clients.client import Client
from store.config import Config
from webapi.services.cursors import Cursors
from webapi.services.lookups import Lookups

NAME = "crawler"


@dataclass(frozen=True, slots=True)
class Home:
    """What an application lives on."""

    config: Config
    engine: Engine
    cursors: Cursors
    lookups: Lookups

    def close(self) -> None:
        """Let go of connections and files."""
        self.lookups.close()
        self.engine.dispose()


def settle_in(app: Flask, home: Home) -> None:
    """Give an application its home."""
    app.extensions[NAME] = home


def home() -> Home:
    return cast("Home", current_app.extensions[NAME])


def config() -> Config:
    return home().config


def engine() -> Engine:
    return home().engine


def cursors() -> Cursors:
    return home().cursors


def client() -> Client:
    """Who asks."""
    return cast("Client", g.client)


def now() -> datetime:
    return datetime.now(UTC)
