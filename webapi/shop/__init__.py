"""TikTok Shop: `/api/v1/tiktok/api/…` and `/api/v1/tiktok/sessions`."""

from __future__ import annotations

from webapi.extensions.envelopes import use_envelope
from webapi.shop.errors import envelope
from webapi.shop.routes.cache import CACHE
from webapi.shop.routes.health import HEALTH
from webapi.shop.routes.products import PRODUCTS
from webapi.shop.routes.refresh import REFRESH
from webapi.shop.routes.sessions import SESSIONS

SHOP = (PRODUCTS, HEALTH, CACHE, REFRESH, SESSIONS)

use_envelope("/api/v1/tiktok/", envelope)
