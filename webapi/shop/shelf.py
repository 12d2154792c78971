"""What this family lives on: one cache and one line to the live service for all its requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from store.config import Config
from webapi.services.shop_products import ShopProducts
from webapi.shop.documents import products_document

NAME = "shop"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Opened once per process; nothing is connected to before it is needed."""

    products: ShopProducts


def stock(app: Flask, config: Config) -> None:
    """Give an application its shelf."""
    app.extensions[NAME] = Shelf(ShopProducts(config, products_document))


def shelf() -> Shelf:
    """The shelf of this application."""
    return cast("Shelf", current_app.extensions[NAME])
