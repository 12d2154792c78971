"""Jobs that archive what they find, and their posts: made, cancelled, deleted, tried again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, select

from store.config import Config
from store.jobs.creation import JobRequest, create_job
from store.jobs.errors import JobRefused, KeyReused
from store.jobs.kinds import find_kind
from store.jobs.media_retries import retry_media
from store.jobs.removal import discard_job
from store.jobs.rows import Job
from store.jobs.sequels import drop_sequel
from store.jobs.services import cancel_job, get_job
from store.jobs.states import JOB_ENDS
from store.media.drive.credentials import load_credentials
from store.media.errors import StoreRefused
from store.media.retries import request_of
from store.media.statuses import OPEN, Status
from store.models.jobs import JOB_VIDEOS, JOBS
from store.models.media import REQUESTS
from store.queries.archived import find_found
from store.queries.jobs import find_job
from store.transactions import in_transaction
from webapi.services.errors import Missing, Refused, Unusable


def request_archive(
    engine: Engine,
    now: datetime,
    *,
    config: Config,
    client_id: str,
    given: Mapping[str, Any],
    key: str | None,
) -> Job:
    """Make a job for what `NewArchiveJobSchema` read; the same key gives the same job."""
    if given.get("drive_folder_id"):
        require_drive(config)
    kind = find_kind(given["mode"])
    request = JobRequest(
        kind=kind.name,
        parameters=kind.read_parameters(archive_parameters(given)),
        client_id=client_id,
        # Apart from the keys that are used within.
        idempotency_key=f"client {key}" if key else None,
    )
    targets = list(kind.read_targets([given["value"]], now=now, site=config.tiktok_base_url))
    job = create_job(engine, request, targets, now)
    if find_job(engine, client_id, job.id).target != targets[0].target:
        raise KeyReused(job.id)
    return job


def archive_parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a spider that archives."""
    moments = {name: given[name].isoformat() for name in ("since", "until") if given.get(name)}
    folder = {"drive_folder": given["drive_folder_id"]} if given.get("drive_folder_id") else {}
    return {
        "media": True,
        "limit": given["limit"],
        "no_watermark": given["no_watermark"],
        **moments,
        **folder,
    }


def require_drive(config: Config) -> None:
    """Refuse a folder where nobody could upload to it."""
    try:
        load_credentials(config)
    except StoreRefused:
        raise Unusable(
            "drive_folder_id: Google Drive is not set up here; leave it out, or ask the operator to set it up"
        ) from None


def cancel(engine: Engine, client_id: str, job_uuid: str, now: datetime) -> None:
    """Cancel a client's job, or the comments that follow from it; raise `JobNotFound`, `JobRefused`."""
    view = find_job(engine, client_id, job_uuid)
    if view.job.state not in JOB_ENDS:
        cancel_job(engine, view.job.id, now)
    elif view.job.sequel:
        drop_sequel(engine, view.job.id)
    elif view.sequel and view.sequel.job.state not in JOB_ENDS:
        cancel_job(engine, view.sequel.job.id, now)
    else:
        raise JobRefused(view.job.id, view.state, "cancelled")


def discard(engine: Engine, client_id: str, job_uuid: str, now: datetime) -> None:
    """Delete a client's job in whatever state; raise `JobNotFound`."""
    discard_job(engine, find_job(engine, client_id, job_uuid).job.id, now)


def retry_video(engine: Engine, client_id: str, video_id: str, now: datetime) -> None:
    """Have a post's media fetched again; nothing new begins where that is under way already."""
    found = find_found(engine, client_id, video_id)
    if found is None:
        raise Missing(f"There is no video {video_id}")
    if found.status in OPEN:
        return
    if found.status is not Status.FAILED:
        state = f"is {found.status}" if found.status else "belongs to a job that archives no media"
        raise Refused(f"Video {video_id} {state}: only failed ones can be tried again")
    job = get_job(engine, found.video.job_id)
    if request := request_of(engine, job.id, video_id):
        retry_media(engine, job, *request, now)


def forget_video(engine: Engine, client_id: str, video_id: str) -> None:
    """Take a post from all of a client's jobs. The post, its history and its files stay: others found it, too."""
    if find_found(engine, client_id, video_id) is None:
        raise Missing(f"There is no video {video_id}")

    def work(connection: Connection) -> None:
        found = select(JOB_VIDEOS.c.job_id).join(JOBS, JOBS.c.id == JOB_VIDEOS.c.job_id)
        mine = found.where(JOB_VIDEOS.c.video_id == video_id, JOBS.c.client_id == client_id)
        job_ids = sorted(connection.scalars(mine))
        for table in (JOB_VIDEOS, REQUESTS):
            connection.execute(delete(table).where(table.c.video_id == video_id, table.c.job_id.in_(job_ids)))

    in_transaction(engine, work)
