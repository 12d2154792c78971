"""`/api/v1/videos`: posts that a client's jobs found, and how far their media are."""

from __future__ import annotations

from typing import Any

from store.media.statuses import Status
from store.queries.archived import FoundFilter, find_found, list_found
from webapi import current
from webapi.archive.blueprints import ArchiveBlueprint
from webapi.archive.documents import video_document
from webapi.archive.schemas import ArchivedVideosArgsSchema, ArchivedVideoSchema, ArchivedVideosSchema
from webapi.extensions.ids import read_id
from webapi.limits.groups import ARCHIVE
from webapi.services.archive_jobs import forget_video, retry_video
from webapi.services.errors import Missing

VIDEOS = ArchiveBlueprint(
    "archive-videos",
    __name__,
    url_prefix="/api/v1/videos",
    description="Posts that your jobs found",
    limits=ARCHIVE,
)


@VIDEOS.route("")
@VIDEOS.arguments(ArchivedVideosArgsSchema, location="query")
@VIDEOS.response(200, ArchivedVideosSchema)
@VIDEOS.errors(401, 500)
def list_all(given: dict[str, Any]) -> dict[str, Any]:
    """List videos

    Posts that your jobs found, each once: as the newest job that fits has it. Those of the newest job come first.
    """
    page = list_found(current.engine(), current.client().id, _filter(given), given["limit"], given["offset"])
    return {
        "total": page.total,
        "videos": list(map(video_document, page.rows)),
        "limit": page.limit,
        "offset": page.offset,
        "has_more": page.has_more,
    }


@VIDEOS.route("/<video_id>")
@VIDEOS.response(200, ArchivedVideoSchema)
@VIDEOS.errors(401, 404, 500)
def show(video_id: str) -> dict[str, Any]:
    """Get a video"""
    return _document(video_id)


@VIDEOS.route("/<video_id>/retry", methods=["POST"])
@VIDEOS.response(200, ArchivedVideoSchema)
@VIDEOS.errors(401, 404, 409, 500)
def retry(video_id: str) -> dict[str, Any]:
    """Retry a video

    Fetches and uploads the media of a failed one again. Asked twice, it is done once.
    """
    retry_video(current.engine(), current.client().id, _known(video_id), current.now())
    return _document(video_id)


@VIDEOS.route("/<video_id>", methods=["DELETE"])
@VIDEOS.response(204)
@VIDEOS.errors(401, 404, 500)
def delete(video_id: str) -> None:
    """Delete a video

    Takes it from all of your jobs. Its files stay, on disk and in Drive.
    """
    forget_video(current.engine(), current.client().id, _known(video_id))


def _document(text: str) -> dict[str, Any]:
    found = find_found(current.engine(), current.client().id, _known(text))
    if found is None:
        raise Missing(f"There is no video {text}")
    return video_document(found)


def _known(text: str) -> str:
    video_id = read_id(text)
    if video_id is None:
        raise Missing(f"There is no video {text}")
    return video_id


def _filter(given: dict[str, Any]) -> FoundFilter:
    about, tag = given.get("value"), given.get("hashtag")
    job_id, author = given.get("job_id"), given.get("author_username")
    return FoundFilter(
        job_uuid=str(job_id) if job_id else None,
        kind=given.get("mode"),
        targets=_spellings(about) if about else None,
        username=author.removeprefix("@").lower() if author else None,
        hashtags=_spellings(tag) if tag else None,
        status=Status(given["status"]) if "status" in given else None,
    )


def _spellings(word: str) -> set[str]:
    """As jobs and hashtags have it: without a sign, usernames in small letters."""
    bare = word.lstrip("@#")
    return {bare, bare.lower()}
