"""TikTok Shop: `/api/v1/tiktok/api/…` and `/api/v1/tiktok/sessions`."""

from __future__ import annotations

from webapi.extensions.envelopes import use_envelope
from webapi.shop.errors import envelope
from webapi.shop.routes.cache import CACHE
from webapi.shop.routes.products import PRODUCTS

SHOP = (PRODUCTS, CACHE)

use_envelope("/api/v1/tiktok/", envelope)
