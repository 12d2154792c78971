"""Jobs, videos, users, analytics: `/health` and `/api/…`."""

from __future__ import annotations

from webapi.extensions.envelopes import use_envelope
from webapi.scraper.errors import envelope
from webapi.scraper.routes.analytics import ANALYTICS
from webapi.scraper.routes.health import HEALTH
from webapi.scraper.routes.jobs import JOBS
from webapi.scraper.routes.users import USERS
from webapi.scraper.routes.videos import VIDEOS

SCRAPER = (HEALTH, JOBS, VIDEOS, USERS, ANALYTICS)

use_envelope("/", envelope)
