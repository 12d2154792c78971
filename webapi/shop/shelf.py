"""What this family lives on: one cache and one line to the live service for all its requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Engine

from store.config import Config
from webapi.services.shop_health import HealthChecks
from webapi.services.shop_products import ShopProducts
from webapi.shop.documents import answer_document

NAME = "shop"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Opened once per process; nothing is connected to before it is needed."""

    products: ShopProducts
    health: HealthChecks

    def close(self) -> None:
        """Let go of threads, files and connections."""
        self.products.close()
        self.health.close()


def stock(app: Flask, config: Config, engine: Engine) -> None:
    """Give an application its shelf."""
    products = ShopProducts(config, answer_document)
    app.extensions[NAME] = Shelf(products, HealthChecks(config, engine, products.live))


def shelf() -> Shelf:
    """The shelf of this application."""
    return cast("Shelf", current_app.extensions[NAME])
