"""Links of product pictures: two mirrors of each, and no expiry (facts §4)."""

from __future__ import annotations

from typing import Any

from standin.dice import digest
from standin.wire.moment import Cdn
from standin.world.shop.products import Product
from standin.world.shop.sellers import Seller

PLACES = ("useast5", "useast8")
_BUCKET = "-i-k3n9shelf2-tx"
_QUERY = "dr=12190&from=2378011839&idc=useast5&ps=933b5bde&shcp=a6e80448&shp=8dbd94bf&t=555f072d"
SIDE = 800
LOGO_SIDE = 300


def picture_name(entity_id: str, number: int) -> str:
    """Return the name of a file: its entity's id, by which the CDN finds it, and what only the site knows."""
    return f"{int(entity_id):016x}{digest(0, 'picture', entity_id).hex()[:14]}{number:02x}"


def product_picture(product: Product, number: int, cdn: Cdn) -> dict[str, Any]:
    """Return one picture of a product."""
    return _picture(picture_name(product.id, number), SIDE, "crop-webp", cdn)


def shop_logo(seller: Seller, cdn: Cdn) -> dict[str, Any]:
    """Return a seller's logo."""
    return _picture(picture_name(seller.id, 0), LOGO_SIDE, "resize-webp", cdn)


def _picture(name: str, side: int, form: str, cdn: Cdn) -> dict[str, Any]:
    file = f"{name}~tplv-k3n9shelf2-{form}:{side}:{side}.webp?{_QUERY}"
    return {
        "height": side,
        "width": side,
        "uri": f"tos-{PLACES[0]}{_BUCKET}/{name}",
        "url_list": [f"{cdn.origin}/tos-{place}{_BUCKET}/{file}" for place in PLACES],
    }
