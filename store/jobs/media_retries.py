"""Another try for the media of one post of a job: a job of its own behind the scenes, of which nobody sees a row.

It follows from the first one (`JobRow.sequel_of`), and the crawler books what it does in the first one's name. What
it leaves undone is booked as failed when it ends: `store.jobs.endings`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from store.jobs.creation import JobRequest, create_job
from store.jobs.endings import MEDIA_RETRY
from store.jobs.filling import Wanted
from store.jobs.kinds import find_kind
from store.jobs.media_arguments import wish_arguments
from store.jobs.rows import Job
from store.media.retries import Choice, retry_posts
from store.media.statuses import PostStatus
from tiktok.media.wishes import MediaWish


def retry_media(engine: Engine, job: Job, post: PostStatus, wish: MediaWish, now: datetime) -> None:
    """Have the media of a failed post fetched and uploaded once more; asked twice at once, it is done once."""
    kind = find_kind(MEDIA_RETRY)
    request = JobRequest(
        kind=kind.name,
        parameters=kind.read_parameters(wish_arguments(wish)),
        client_id=job.client_id,
        priority=job.priority,
        idempotency_key=f"media of {post.video_id} for {job.uuid} after {post.updated_at.isoformat()}",
        sequel_of=job.id,
    )
    # The job first: a failed post without it could be tried again, one that is pending without it could not.
    create_job(engine, request, [Wanted(post.video_id, post.video_id)], now)
    retry_posts(engine, Choice(job_id=job.id, video_ids=[post.video_id]), now)
