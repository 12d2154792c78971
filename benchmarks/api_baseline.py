"""What the API is measured against: FastAPI, SQLAlchemy's ORM and Pydantic, as their tutorials put them together.

    DATABASE_URL=… BASELINE_SECRET=… uvicorn benchmarks.api_baseline:app --workers 2

It serves the same documents from the same tables, to who shows a token. Only the columns that it serves are mapped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, BigInteger, create_engine, func, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    relationship,
    sessionmaker,
)

ALGORITHM = "HS256"

engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
new_session = sessionmaker(engine)
bearer = HTTPBearer()
app = FastAPI()


class Base(DeclarativeBase):
    """All tables."""


class UserRow(Base):
    """A profile."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    username: Mapped[str | None]
    display_name: Mapped[str | None]
    followers: Mapped[int | None]


class SoundRow(Base):
    """A sound."""

    __tablename__ = "sounds"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    title: Mapped[str | None]
    author: Mapped[str | None]


class VideoRow(Base):
    """A post."""

    __tablename__ = "videos"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    url: Mapped[str | None]
    description: Mapped[str | None]
    created_at: Mapped[datetime | None]
    views: Mapped[int | None]
    likes: Mapped[int | None]
    shares: Mapped[int | None]
    comments_count: Mapped[int | None]
    saves: Mapped[int | None]
    duration: Mapped[float | None]
    hashtags: Mapped[list[str] | None] = mapped_column(JSON)
    user_id: Mapped[int | None]
    sound_id: Mapped[int | None]
    scraped_at: Mapped[datetime]
    user: Mapped[UserRow | None] = relationship(
        primaryjoin="VideoRow.user_id == foreign(UserRow.id)", viewonly=True, uselist=False
    )
    music: Mapped[SoundRow | None] = relationship(
        primaryjoin="VideoRow.sound_id == foreign(SoundRow.id)", viewonly=True, uselist=False
    )


class JobRow(Base):
    """A job."""

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str]
    client_id: Mapped[str | None]
    kind: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str]
    reason: Mapped[str | None]
    targets_total: Mapped[int]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    sequel_of: Mapped[int | None]


class TargetRow(Base):
    """What a job is about."""

    __tablename__ = "job_targets"
    job_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[str | None]
    reason: Mapped[str | None]


class ShardRow(Base):
    """A part of a job."""

    __tablename__ = "shards"
    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int]
    found: Mapped[int | None]
    declared: Mapped[int | None]


class CountRow(Base):
    """How many targets ended how."""

    __tablename__ = "job_counts"
    job_id: Mapped[int] = mapped_column(primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    targets: Mapped[int]


class FoundRow(Base):
    """A post that a job found."""

    __tablename__ = "job_videos"
    job_id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class Read(BaseModel):
    """What is read from rows."""

    model_config = ConfigDict(from_attributes=True, coerce_numbers_to_str=True)


class Author(Read):
    """Whose post it is."""

    id: str
    username: str | None
    display_name: str | None
    followers: int | None


class Music(Read):
    """The sound of a post."""

    id: str
    title: str | None
    author: str | None


class Video(Read):
    """A post."""

    id: str
    url: str | None
    description: str | None
    created_at: datetime | None
    views: int | None
    likes: int | None
    shares: int | None
    comments_count: int | None
    saves: int | None
    duration: float | None
    hashtags: list[str] | None
    user_id: str | None
    sound_id: str | None
    scraped_at: datetime
    user: Author | None
    music: Music | None


class Videos(BaseModel):
    """A page of posts."""

    videos: list[Video]
    total: int | None
    limit: int
    offset: int
    has_more: bool


class Job(BaseModel):
    """A job."""

    id: int
    uuid: str
    url: str
    type: str
    status: str
    progress: int
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    error: str | None
    videos_scraped: int
    total_videos: int
    options: dict[str, Any]


def session() -> Iterator[Session]:
    with new_session() as opened:
        yield opened


def client(shown: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    try:
        claims = jwt.decode(shown.credentials, os.environ["BASELINE_SECRET"], algorithms=[ALGORITHM])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    return str(claims["sub"])


Database = Annotated[Session, Depends(session)]
Client = Annotated[str, Depends(client)]


@app.get("/api/videos", response_model=Videos)
def list_videos(  # noqa: PLR0917  # FastAPI's way to name parameters
    database: Database,
    _: Client,
    min_views: int | None = None,
    min_likes: int | None = None,
    sort: Literal["views", "likes", "created_at"] = "created_at",
    order: Literal["asc", "desc"] = "desc",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
    counted: bool = True,  # as above
) -> Any:
    """List posts. `counted` is not of the document: it shows what the counting costs."""
    wanted = select(VideoRow).options(joinedload(VideoRow.user), joinedload(VideoRow.music))
    count = select(func.count()).select_from(VideoRow)
    if min_views is not None:
        wanted, count = wanted.where(VideoRow.views >= min_views), count.where(VideoRow.views >= min_views)
    if min_likes is not None:
        wanted, count = wanted.where(VideoRow.likes >= min_likes), count.where(VideoRow.likes >= min_likes)
    column = getattr(VideoRow, sort)
    keys = (column.desc(), VideoRow.id.desc()) if order == "desc" else (column, VideoRow.id)
    videos = database.scalars(wanted.order_by(*keys).limit(limit).offset(offset)).all()
    total = database.scalar(count) if counted else None
    has_more = len(videos) == limit if total is None else offset + len(videos) < total
    return {"videos": videos, "total": total, "limit": limit, "offset": offset, "has_more": has_more}


@app.get("/api/jobs/{job_id}")
def get_job(job_id: int, database: Database, mine: Client) -> Job:
    job = database.get(JobRow, job_id)
    if job is None or job.client_id != mine:
        raise HTTPException(404)
    target = database.get(TargetRow, (job_id, 1))
    videos = database.scalar(select(func.count()).select_from(FoundRow).where(FoundRow.job_id == job_id)) or 0
    shards = database.scalars(select(ShardRow).where(ShardRow.job_id == job_id)).all()
    counts = database.scalars(select(CountRow).where(CountRow.job_id == job_id)).all()
    sequel = database.scalars(select(JobRow).where(JobRow.sequel_of == job_id)).first()
    done = sum(count.targets for count in counts)
    return Job(
        id=job.id,
        uuid=job.uuid,
        url=job.options["url"],
        type=job.options["type"],
        status=sequel.state if sequel and job.state == "completed" else job.state,
        progress=100 * done // job.targets_total if job.targets_total else 100,
        created_at=job.created_at.replace(tzinfo=UTC),
        started_at=job.started_at,
        completed_at=job.finished_at,
        error=job.reason or (target.reason if target else None),
        videos_scraped=videos,
        total_videos=max(sum(shard.declared or 0 for shard in shards), videos),
        options=job.options["options"],
    )
