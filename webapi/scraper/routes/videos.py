"""`/api/videos`: posts that were collected."""

from __future__ import annotations

from typing import Any

from store.queries.videos import VideoFilter, find_video, list_videos
from webapi import current
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.extensions.ids import read_id
from webapi.limits.groups import BY_ADDRESS
from webapi.scraper.documents import video_document
from webapi.scraper.examples import VIDEO, page_of
from webapi.scraper.paging import page_document, window_of
from webapi.scraper.schemas import VideosArgsSchema, VideoSchema, VideosSchema
from webapi.services.errors import Missing

VIDEOS = FamilyBlueprint("videos", __name__, url_prefix="/api/videos", limits=BY_ADDRESS, description="Posts")


@VIDEOS.route("")
@VIDEOS.arguments(VideosArgsSchema, location="query")
@VIDEOS.sends(VideosSchema, page_of("videos", VIDEO))
@VIDEOS.errors(401, 500)
def list_all(given: dict[str, Any]) -> dict[str, Any]:
    """List videos"""
    user_id = given.get("user_id")
    wanted = VideoFilter(
        user_id=user_id and (read_id(user_id) or "0"),  # nobody's
        min_views=given.get("min_views"),
        min_likes=given.get("min_likes"),
    )
    is_descending = given["order"] == "desc"
    page = list_videos(current.engine(), wanted, given["sort"], window_of(given), descending=is_descending)
    return page_document("videos", list(map(video_document, page.rows)), page, given)


@VIDEOS.route("/<video_id>", parameters=[{"name": "video_id", "in": "path", "example": VIDEO["id"]}])
@VIDEOS.sends(VideoSchema, VIDEO)
@VIDEOS.errors(401, 404, 500)
def show(video_id: str) -> dict[str, Any]:
    """Get a video"""
    known = read_id(video_id)
    row = find_video(current.engine(), known) if known else None
    if row is None:
        raise Missing(f"There is no video {video_id}")
    return video_document(row)
