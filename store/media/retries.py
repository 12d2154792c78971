"""What is left to do in the archive, and what is to be tried again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, select, update

from store.media.book import Order
from store.media.statuses import OPEN, PostStatus, Status
from store.models.jobs import JOB_TARGETS
from store.models.media import REQUESTS
from store.transactions import in_transaction
from tiktok.media.wishes import MediaWish

_UNSETTLED = (Status.PENDING, Status.DOWNLOADING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Some requests: of a job, of some posts, of all."""

    job_id: int | None = None
    video_ids: Collection[str] | None = None
    mode: str | None = None
    """With `value`: what the posts were found by."""
    value: str | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        """The same in SQL."""
        parts: list[ColumnElement[bool]] = [REQUESTS.c.video_id.is_not(None)]
        if self.job_id is not None:
            parts.append(REQUESTS.c.job_id == self.job_id)
        if self.video_ids is not None:
            parts.append(REQUESTS.c.video_id.in_(self.video_ids))
        if self.mode is not None:
            parts += [REQUESTS.c.mode == self.mode, REQUESTS.c.value == self.value]
        condition, *others = parts
        for part in others:
            condition &= part
        return condition


def retry_posts(engine: Engine, choice: Choice, now: datetime) -> int:
    """Set failed ones back to pending and say how many there were; the spider `media` takes them up."""
    failed = choice.condition & (REQUESTS.c.status == Status.FAILED.value)

    def work(connection: Connection) -> int:
        again = update(REQUESTS).where(failed)
        changed = connection.execute(again.values(status=Status.PENDING.value, reason=None, updated_at=now))
        return changed.rowcount

    return in_transaction(engine, work)


def give_up(engine: Engine, order: Order, reason: str, now: datetime) -> None:
    """Book that a post whose media are wanted is gone."""
    mine = (REQUESTS.c.video_id == order.video_id) & REQUESTS.c.job_id.in_(order.job_ids)
    gone = update(REQUESTS).where(mine).values(status=Status.FAILED.value, reason=reason, updated_at=now)
    in_transaction(engine, lambda connection: connection.execute(gone))


def request_of(engine: Engine, job_id: int, video_id: str) -> tuple[PostStatus, MediaWish] | None:
    """How far a job's post is, and what is wanted of it."""
    wanted = select(REQUESTS).where(REQUESTS.c.job_id == job_id, REQUESTS.c.video_id == video_id)
    with engine.connect() as connection:
        row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    status = PostStatus(job_id, video_id, Status(row.status), row.reason, row.attempts, row.updated_at)
    return status, MediaWish.read(row.wish)


def close_retry(connection: Connection, job_id: int, retry_id: int, now: datetime) -> None:
    """Book as failed what another try, a job that has ended, left undone of the job that it follows from."""
    tried = select(JOB_TARGETS.c.target, JOB_TARGETS.c.outcome, JOB_TARGETS.c.reason)
    for target, outcome, reason in connection.execute(tried.where(JOB_TARGETS.c.job_id == retry_id)).all():
        left = (
            REQUESTS.c.job_id == job_id,
            REQUESTS.c.video_id == target,
            REQUESTS.c.status.in_([status.value for status in _UNSETTLED]),
        )
        why = f"{outcome}: {reason}" if reason else str(outcome)
        failed = {"status": Status.FAILED.value, "reason": why, "updated_at": now}
        connection.execute(update(REQUESTS).where(*left).values(failed))


def open_orders(
    engine: Engine, choice: Choice, *, uploads: bool = False, after: str = "0", n: int = 500
) -> list[Order]:
    """List what is neither whole nor failed, by post, `n` posts behind `after`.

    `uploads` adds what is whole here and in no other store. A post that several jobs wait for is one order that
    wants what any of them wants.
    """
    statuses = (*OPEN, Status.DOWNLOADED) if uploads else OPEN
    is_open = choice.condition & REQUESTS.c.status.in_([status.value for status in statuses])
    posts = (
        select(REQUESTS.c.video_id)
        .where(is_open, REQUESTS.c.video_id > after)
        .distinct()
        .order_by(REQUESTS.c.video_id)
        .limit(n)
    )
    with engine.connect() as connection:
        ids = list(connection.scalars(posts))
        rows = connection.execute(
            select(REQUESTS)
            .where(is_open, REQUESTS.c.video_id.in_(ids))
            .order_by(REQUESTS.c.video_id, REQUESTS.c.requested_at, REQUESTS.c.job_id)
        ).mappings()
        orders = [_order(row) for row in rows]
    by_post: dict[str, list[Order]] = {}
    for order in orders:
        by_post.setdefault(order.video_id, []).append(order)
    return [_together(orders) for orders in by_post.values()]


def _order(row: RowMapping) -> Order:
    return Order(
        job_ids=(row["job_id"],),
        video_id=row["video_id"],
        wish=MediaWish.read(row["wish"]),
        mode=row["mode"],
        value=row["value"],
    )


def _together(orders: Sequence[Order]) -> Order:
    first = orders[0]
    wish = first.wish
    for order in orders[1:]:
        wish = wish | order.wish
    jobs = tuple(job for order in orders for job in order.job_ids)
    return Order(job_ids=jobs, video_id=first.video_id, wish=wish, mode=first.mode, value=first.value)
