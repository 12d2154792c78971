"""Profiles that were read so lately that nobody needs to ask for them again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Engine, select

from store.models import OutcomeRow, UserRow
from tiktok.items import User
from tiktok.routes import Operation
from tiktok.urls import TargetKind
from tiktok.verdicts import Verdict

COLUMNS = UserRow.__table__.columns
NAMES = tuple(field.name for field in fields(User) if field.name in COLUMNS)


@dataclass(frozen=True, slots=True)
class FreshProfile:
    """A profile, and what was said about it when it was read."""

    user: User
    reason: str
    read_at: datetime


def fresh_profiles(engine: Engine, usernames: Collection[str], since: datetime) -> dict[str, FreshProfile]:
    """Find those whose own page or answer was read since then; a list that mentions them tells less."""
    wanted = (
        select(OutcomeRow.reason, OutcomeRow.at, *(COLUMNS[name] for name in NAMES))
        .join(UserRow, UserRow.username == OutcomeRow.target)
        .where(
            OutcomeRow.operation == str(Operation.PROFILE),
            OutcomeRow.kind == str(TargetKind.USER),
            OutcomeRow.target.in_(usernames),
            OutcomeRow.outcome == str(Verdict.OK),
            OutcomeRow.at >= since,
            UserRow.scraped_at >= since,
        )
        .order_by(UserRow.scraped_at)  # of two users who had the name one after the other the last one counts
    )
    with engine.connect() as connection:
        rows = connection.execute(wanted).mappings().all()
    found: dict[str, FreshProfile] = {}
    for row in rows:
        user = User(**{name: row[name] for name in NAMES})
        found[str(user.username)] = FreshProfile(user, row["reason"], row["at"])
    return found
