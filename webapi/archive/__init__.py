"""Jobs that archive media, their posts, schedules and statistics: `/api/v1/jobs`, `/videos`, …"""

from __future__ import annotations

from webapi.archive.errors import envelope
from webapi.archive.routes.jobs import JOBS
from webapi.archive.routes.scheduled_jobs import SCHEDULED_JOBS
from webapi.archive.routes.stats import STATS
from webapi.archive.routes.streams import EVENTS, SOCKETS
from webapi.archive.routes.videos import VIDEOS
from webapi.extensions.envelopes import use_envelope

ARCHIVE = (JOBS, VIDEOS, SCHEDULED_JOBS, STATS, EVENTS, SOCKETS)

for blueprint in ARCHIVE:
    use_envelope(blueprint.url_prefix, envelope)
