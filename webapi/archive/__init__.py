"""Jobs that archive media, their posts, schedules and statistics: `/api/v1/jobs`, `/videos`, …"""

from __future__ import annotations

from webapi.archive.errors import envelope
from webapi.archive.routes.jobs import JOBS
from webapi.archive.routes.videos import VIDEOS
from webapi.extensions.envelopes import use_envelope

ARCHIVE = (JOBS, VIDEOS)

for blueprint in ARCHIVE:
    use_envelope(blueprint.url_prefix, envelope)
