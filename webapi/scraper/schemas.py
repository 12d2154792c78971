"""What this family takes and gives."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from webapi.extensions.schemas import Flag, Moment
from webapi.scraper.documents import STATUSES
from webapi.scraper.examples import CURSOR
from webapi.services.crawl_requests import MAX_COMMENTS


class HealthSchema(Schema):
    """That we are up."""

    status = fields.String(required=True, metadata={"example": "healthy"})
    timestamp = Moment(required=True)


SQLITE_MOST = 2**63 - 1
COUNT = validate.Range(min=0, max=SQLITE_MOST)


def limit(most: int) -> fields.Integer:
    return fields.Integer(load_default=50, validate=validate.Range(min=1, max=most))


class PageArgsSchema(Schema):
    """Which part of a list."""

    limit = limit(1000)
    offset = fields.Integer(load_default=0, validate=COUNT)
    cursor = fields.String(
        validate=validate.Length(min=1, max=1024),
        metadata={
            "description": "`next_cursor` of the page before, instead of an offset: as fast on any page.",
            "example": CURSOR,
        },
    )


class SortedArgsSchema(PageArgsSchema):
    """And in which order."""

    order = fields.String(load_default="desc", validate=validate.OneOf(["asc", "desc"]))


class PageSchema(Schema):
    """Where a list stands."""

    total = fields.Integer(
        required=True,
        metadata={"description": "Of a list of 10,000 entries or more it may be some seconds old."},
    )
    limit = fields.Integer(required=True)
    offset = fields.Integer(required=True)
    has_more = fields.Boolean(required=True)
    next_cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "Null on the last page."}
    )


class JobsArgsSchema(PageArgsSchema):
    """Which jobs."""

    status = fields.String(validate=validate.OneOf(list(STATUSES)))


class JobOptionsSchema(Schema):
    """What to crawl of it."""

    max_videos = fields.Integer(strict=True, validate=validate.Range(min=1, max=1_000_000))
    include_comments = Flag()
    max_comments = fields.Integer(
        strict=True,
        validate=validate.Range(min=1, max=1_000_000),
        metadata={"description": f"Per post, replies not counted; {MAX_COMMENTS} where it is missing."},
    )


class NewJobSchema(Schema):
    """What to crawl."""

    url = fields.String(
        required=True,
        validate=validate.Length(min=1, max=2048),
        metadata={"example": "https://www.tiktok.com/@khaby.lame"},
    )
    type = fields.String(
        validate=validate.OneOf(["user", "video", "hashtag"]),
        metadata={"description": "Told from the URL where it is missing."},
    )
    options = fields.Nested(JobOptionsSchema, load_default=dict)


class CreatedJobSchema(Schema):
    """A job that was made."""

    job_id = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"example": "pending"})
    message = fields.String(required=True, metadata={"example": "Scraping job created successfully"})


class JobSchema(Schema):
    """A job."""

    id = fields.Integer(required=True)
    uuid = fields.String(required=True)
    url = fields.String(required=True)
    type = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(STATUSES)))
    state = fields.String(
        required=True, metadata={"description": "More exact than status: paused and cancelled have words."}
    )
    progress = fields.Integer(required=True, validate=validate.Range(min=0, max=100))
    created_at = Moment(required=True)
    started_at = Moment(required=True, allow_none=True)
    completed_at = Moment(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    videos_scraped = fields.Integer(required=True)
    total_videos = fields.Integer(
        required=True, metadata={"description": "As far as known: what the list is said to have."}
    )
    options = fields.Dict(required=True)


class JobsSchema(PageSchema):
    """A page of jobs."""

    jobs = fields.List(fields.Nested(JobSchema), required=True)


class VideosArgsSchema(SortedArgsSchema):
    """Which posts."""

    limit = limit(100)
    user_id = fields.String(
        validate=validate.Length(min=1, max=64), metadata={"example": "127905465618821121"}
    )
    min_views = fields.Integer(validate=COUNT, metadata={"example": 100_000})
    min_likes = fields.Integer(validate=COUNT, metadata={"example": 5_000})
    sort = fields.String(load_default="created_at", validate=validate.OneOf(["views", "likes", "created_at"]))


class AuthorSchema(Schema):
    """Whose post it is."""

    id = fields.String(required=True, allow_none=True)
    username = fields.String(required=True, allow_none=True)
    display_name = fields.String(required=True, allow_none=True)
    followers = fields.Integer(required=True, allow_none=True)


class MusicSchema(Schema):
    """The sound of a post."""

    id = fields.String(required=True)
    title = fields.String(required=True, allow_none=True)
    author = fields.String(required=True, allow_none=True)


class VideoSchema(Schema):
    """A post. A counter that TikTok did not tell is null, never 0."""

    id = fields.String(required=True)
    url = fields.String(required=True, allow_none=True)
    description = fields.String(required=True, allow_none=True)
    created_at = Moment(required=True, allow_none=True)
    views = fields.Integer(required=True, allow_none=True)
    likes = fields.Integer(required=True, allow_none=True)
    shares = fields.Integer(required=True, allow_none=True)
    comments = fields.Integer(required=True, allow_none=True)
    comments_count = fields.Integer(required=True, allow_none=True)
    saves = fields.Integer(required=True, allow_none=True)
    duration = fields.Float(required=True, allow_none=True, metadata={"description": "Seconds"})
    hashtags = fields.List(fields.String(), required=True)
    user_id = fields.String(required=True, allow_none=True)
    music_id = fields.String(required=True, allow_none=True)
    music = fields.Nested(MusicSchema, required=True, allow_none=True)
    user = fields.Nested(AuthorSchema, required=True)
    scraped_at = Moment(required=True)


class VideosSchema(PageSchema):
    """A page of posts."""

    videos = fields.List(fields.Nested(VideoSchema), required=True)


class UsersArgsSchema(SortedArgsSchema):
    """Which profiles."""

    min_followers = fields.Integer(validate=COUNT, metadata={"example": 1_000_000})
    sort = fields.String(
        load_default="followers", validate=validate.OneOf(["followers", "videos", "username"])
    )


class UserSchema(Schema):
    """A profile. What TikTok did not tell is null."""

    id = fields.String(required=True)
    username = fields.String(required=True, allow_none=True)
    display_name = fields.String(required=True, allow_none=True)
    bio = fields.String(required=True, allow_none=True)
    avatar_url = fields.String(required=True, allow_none=True)
    followers = fields.Integer(required=True, allow_none=True)
    following = fields.Integer(required=True, allow_none=True)
    total_likes = fields.Integer(required=True, allow_none=True)
    total_videos = fields.Integer(required=True, allow_none=True)
    verified = fields.Boolean(required=True, allow_none=True)
    created_at = Moment(required=True, allow_none=True)
    scraped_at = Moment(required=True)


class UsersSchema(PageSchema):
    """A page of profiles."""

    users = fields.List(fields.Nested(UserSchema), required=True)


class OverviewArgsSchema(Schema):
    """Of which time."""

    start_date = fields.String(
        metadata={"description": "ISO 8601; posts uploaded from then on.", "example": "2026-01-01"}
    )
    end_date = fields.String(
        metadata={"description": "ISO 8601; a date includes its whole day.", "example": "2026-01-31"}
    )


class DateRangeSchema(Schema):
    """From the first day to the last."""

    start = fields.String(required=True, allow_none=True, metadata={"example": "2026-01-01"})
    end = fields.String(required=True, allow_none=True, metadata={"example": "2026-01-31"})


class OverviewSchema(Schema):
    """Sums over posts."""

    total_videos = fields.Integer(required=True)
    total_users = fields.Integer(required=True)
    total_views = fields.Integer(required=True)
    total_likes = fields.Integer(required=True)
    avg_engagement_rate = fields.Float(
        required=True, metadata={"description": "Likes, shares and comments per hundred views."}
    )
    date_range = fields.Nested(DateRangeSchema, required=True)
    as_of = Moment(
        required=True,
        metadata={
            "description": "When it was summed up; of very many posts that is a few minutes ago at most."
        },
    )


class TrendsArgsSchema(Schema):
    """What grew, in which time."""

    period = fields.String(load_default="week", validate=validate.OneOf(["day", "week", "month"]))
    metric = fields.String(
        load_default="views", validate=validate.OneOf(["views", "likes", "shares", "comments"])
    )


class TrendSchema(Schema):
    """A day."""

    date = fields.String(required=True, metadata={"example": "2026-01-31"})
    value = fields.Integer(required=True, metadata={"description": "What the metric gained on that day."})
    videos = fields.Integer(required=True, metadata={"description": "Posts uploaded or read on that day."})


class TrendsSchema(Schema):
    """Day by day, the oldest first, none left out."""

    period = fields.String(required=True)
    metric = fields.String(required=True)
    data = fields.List(fields.Nested(TrendSchema), required=True)
