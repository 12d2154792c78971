"""Tables of who asks and from where. Whatever could be used by others is encrypted (`store.secrets`)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, SmallInteger, String, Table
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, TABLE_OPTIONS, Base
from store.models.types import UtcDateTime

# SQLite counts up by itself only where the type reads INTEGER.
COUNTED = BigInteger().with_variant(Integer(), "sqlite")
SEALED = LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")
LABEL_LENGTH = 64
HOLDER_LENGTH = 128
EXIT_NAME_LENGTH = 255


class IdentityKind(StrEnum):
    """Where it comes from."""

    GUEST = "guest"
    """Made by visiting a page."""
    ACCOUNT = "account"
    """The operator's own cookies, logged in or not."""


class IdentityState(StrEnum):
    """Whether it may ask. `COOLING` is never stored: it is over when its time is."""

    READY = "ready"
    COOLING = "cooling"
    """It rests, or its exit does."""
    EXPIRED = "expired"
    """Its login or its cookies are over; an import of new ones brings an account back."""
    RETIRED = "retired"
    """For good."""


class ExitRow(Base):
    """A way out to the internet: `store.exits.Exit`."""

    __tablename__ = "exits"
    __table_args__ = (Index("ux_exits_name", "name", unique=True), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    name: Mapped[str] = mapped_column(String(EXIT_NAME_LENGTH))
    """Address without credentials; those are told apart by a digest of the username."""
    source: Mapped[str] = mapped_column(String(16))
    """`direct`, `list` or `webshare`: who says that it is still there."""
    position: Mapped[int] = mapped_column(Integer)
    """Place in its source."""
    sealed: Mapped[bytes | None] = mapped_column(SEALED)
    """The proxy's address with credentials; empty for the direct way."""
    key_id: Mapped[str | None] = mapped_column(String(16))
    """Which key sealed it."""
    country: Mapped[str | None] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(16))
    failures: Mapped[int] = mapped_column(Integer)
    """In a row, since `failing_since`."""
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rests: Mapped[int] = mapped_column(Integer)
    """In a row."""
    cooldown_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    probed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Somebody is probing it; until then nobody else does."""
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an identity was last bound to it."""
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(255))
    """Why it is not ready."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IdentityRow(Base):
    """Who asks: `store.identities.Identity`."""

    __tablename__ = "identities"
    __table_args__ = (
        Index("ix_identities_state_health", "state", "health"),
        Index("ix_identities_exit_id", "exit_id"),
        Index("ix_identities_key_id", "key_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    exit_id: Mapped[int] = mapped_column(COUNTED)
    sealed: Mapped[bytes] = mapped_column(SEALED)
    """Cookies and device."""
    key_id: Mapped[str] = mapped_column(String(16))
    """Which key sealed it."""
    is_logged_in: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String(16))
    """`ready`, `expired` or `retired`; cooling is told by `cooldown_until` and the exit."""
    health: Mapped[int] = mapped_column(SmallInteger)
    streak: Mapped[int] = mapped_column(Integer)
    """Refusals in a row."""
    rests: Mapped[int] = mapped_column(Integer)
    """Cooldowns in a row."""
    cooldown_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(255))
    """What last went wrong: the rule that matched."""
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """End of the login, or of a guest's `ttwid`."""
    token_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """End of its msToken; in the past when that was dropped, empty when it never had one."""
    leased_by: Mapped[str | None] = mapped_column(String(HOLDER_LENGTH))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TokenSeedRow(Base):
    """Which identity got which of `MS_TOKENS`."""

    __tablename__ = "token_seeds"
    __table_args__ = CLUSTERED

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the token."""
    identity_id: Mapped[int] = mapped_column(COUNTED)
    bound_at: Mapped[datetime] = mapped_column(UtcDateTime)


# Declared wider than what a mapped class has.
EXITS = cast("Table", ExitRow.__table__)
IDENTITIES = cast("Table", IdentityRow.__table__)
TOKEN_SEEDS = cast("Table", TokenSeedRow.__table__)
