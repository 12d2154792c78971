"""Jobs, videos, users, analytics: `/health` and `/api/…`."""

from __future__ import annotations

from webapi.extensions.envelopes import use_envelope
from webapi.scraper.errors import envelope
from webapi.scraper.routes.health import HEALTH

SCRAPER = (HEALTH,)

use_envelope("/", envelope)
