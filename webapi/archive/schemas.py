"""What this family takes and gives of jobs and posts."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from store.jobs.kinds import find_kind
from store.jobs.media_arguments import FOLDER
from store.media.statuses import Status
from tiktok.errors import InvalidTarget
from webapi import current
from webapi.archive.documents import STATUSES
from webapi.extensions.schemas import Flag, Moment

MODES = ("profile", "hashtag")
LARGEST_OFFSET = 2**63 - 1
LONGEST_VALUE = 1024


class ArchivePageArgsSchema(Schema):
    """Which part of a list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    offset = fields.Integer(load_default=0, validate=validate.Range(min=0, max=LARGEST_OFFSET))


class ArchiveJobsArgsSchema(ArchivePageArgsSchema):
    """Which jobs."""

    status = fields.String(validate=validate.OneOf(list(STATUSES)))


class ModeSchema(Schema):
    """What is crawled."""

    mode = fields.String(required=True, validate=validate.OneOf(MODES), metadata={"example": "profile"})
    value = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_VALUE),
        metadata={"example": "khaby.lame", "description": "Username or hashtag, also as an address."},
    )
    limit = fields.Integer(
        strict=True,
        load_default=50,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "Most posts."},
    )
    no_watermark = Flag(
        load_default=True,
        metadata={"description": "false: take the watermarked file where no clean one can be had."},
    )

    @validates_schema
    def require_target(self, given: dict[str, Any], **_: Any) -> None:
        """Refuse a value that names nothing of that mode."""
        check_value(given.get("mode"), given.get("value"))


class NewArchiveJobSchema(ModeSchema):
    """What to crawl and archive."""

    since = Moment(allow_none=True, metadata={"description": "Only posts created at or after this moment."})
    until = Moment(allow_none=True, metadata={"description": "Only posts created before this moment."})

    drive_folder_id = fields.String(
        allow_none=True,
        validate=validate.Regexp(
            rf"{FOLDER.pattern}\Z", error="Not the id of a Drive folder: it ends the folder's address."
        ),
        metadata={"description": "A folder of Google Drive for this job's files, instead of the operator's."},
    )

    @validates_schema
    def require_order(self, given: dict[str, Any], **_: Any) -> None:
        """Refuse a time that ends before it begins."""
        since, until = given.get("since"), given.get("until")
        if since and until and since >= until:
            raise ValidationError("Not after since: swap them or drop one.", "until")


class ArchiveJobSchema(Schema):
    """A job."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True, metadata={"description": "The same job's id at /api/jobs."})
    mode = fields.String(
        required=True,
        metadata={"description": "profile, hashtag; video and others for jobs that were made elsewhere."},
    )
    value = fields.String(required=True)
    limit = fields.Integer(required=True, allow_none=True)
    no_watermark = fields.Boolean(required=True)
    since = Moment(required=True, allow_none=True)
    until = Moment(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(list(STATUSES)))
    state = fields.String(
        required=True, metadata={"description": "More exact than status: a paused job counts as running."}
    )
    progress = fields.Integer(required=True, validate=validate.Range(min=0, max=100))
    total_videos = fields.Integer(
        required=True, metadata={"description": "As far as known: what the list is said to have."}
    )
    successful_downloads = fields.Integer(required=True)
    failed_downloads = fields.Integer(required=True)
    created_at = Moment(required=True)
    started_at = Moment(required=True, allow_none=True)
    completed_at = Moment(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    drive_folder_id = fields.String(required=True, allow_none=True)


class ArchivedVideoSchema(Schema):
    """A post as a job found it. A counter that TikTok did not tell is null, never 0."""

    id = fields.String(required=True)
    job_id = fields.UUID(required=True)
    url = fields.String(required=True, allow_none=True)
    desc = fields.String(required=True, allow_none=True)
    author_username = fields.String(required=True, allow_none=True)
    author_nickname = fields.String(required=True, allow_none=True)
    views = fields.Integer(required=True, allow_none=True)
    likes = fields.Integer(required=True, allow_none=True)
    comments = fields.Integer(required=True, allow_none=True)
    shares = fields.Integer(required=True, allow_none=True)
    saves = fields.Integer(required=True, allow_none=True)
    created_at_tiktok = Moment(required=True, allow_none=True)
    hashtags = fields.List(fields.String(), required=True)
    music_title = fields.String(required=True, allow_none=True)
    has_watermark = fields.Boolean(required=True, allow_none=True)
    file_size = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Bytes of the video, or of all images."}
    )
    duration = fields.Float(required=True, allow_none=True, metadata={"description": "Seconds."})
    drive_file_id = fields.String(required=True, allow_none=True)
    drive_folder_path = fields.String(required=True, allow_none=True)
    status = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([status.value for status in Status]),
        metadata={"description": "null: the job archives no media."},
    )
    error = fields.String(required=True, allow_none=True)
    attempts = fields.Integer(required=True)
    found_at = Moment(required=True)


class DriveLinksSchema(Schema):
    """Where people open a post."""

    video_id = fields.String(required=True)
    video_link = fields.String(required=True, allow_none=True)
    metadata_link = fields.String(required=True, allow_none=True)
    folder_path = fields.String(required=True, allow_none=True)


class ArchiveJobDetailsSchema(Schema):
    """A job with what it found."""

    job = fields.Nested(ArchiveJobSchema, required=True)
    videos = fields.List(fields.Nested(ArchivedVideoSchema), required=True)
    drive_links = fields.List(fields.Nested(DriveLinksSchema), required=True)
    has_more = fields.Boolean(
        required=True, metadata={"description": "The job found more: list them at /api/v1/videos?job_id="}
    )


class ArchivedVideosArgsSchema(ArchivePageArgsSchema):
    """Which posts."""

    job_id = fields.UUID(metadata={"description": "Of this job."})
    mode = fields.String(validate=validate.OneOf(MODES))
    value = fields.String(
        validate=validate.Length(min=1, max=LONGEST_VALUE),
        metadata={"description": "Username or hashtag that their job is about."},
    )
    author_username = fields.String(validate=validate.Length(min=1, max=64))
    hashtag = fields.String(validate=validate.Length(min=1, max=255))
    status = fields.String(validate=validate.OneOf([status.value for status in Status]))


class ArchivedVideosSchema(Schema):
    """A page of posts."""

    total = fields.Integer(required=True)
    videos = fields.List(fields.Nested(ArchivedVideoSchema), required=True)
    limit = fields.Integer(required=True)
    offset = fields.Integer(required=True)
    has_more = fields.Boolean(required=True)


def check_value(mode: str | None, value: str | None) -> None:
    """Raise `ValidationError` for a value that names nothing of that mode."""
    if mode not in MODES or not value:
        return
    try:
        site = current.config().tiktok_base_url
        list(find_kind(mode).read_targets([value], now=current.now(), site=site))
    except InvalidTarget as error:
        raise ValidationError(f"Names nothing to crawl: {error.reason}; {error.fix}.", "value") from None
