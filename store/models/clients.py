"""Tables of who may use the API: clients, their keys, and what their sessions hang on. Secrets only as digests."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import JSON, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import CLUSTERED, Base
from store.models.jobs import CLIENT_LENGTH
from store.models.types import UtcDateTime

DIGEST_LENGTH = 64
NAME_LENGTH = 128


class ClientRow(Base):
    """A tenant: jobs, limits and sessions are its own."""

    __tablename__ = "clients"
    # By name, so that two machines that start at once can't both make the first client.
    __table_args__ = (Index("ux_clients_name", "name", unique=True), CLUSTERED)

    id: Mapped[str] = mapped_column(String(CLIENT_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    plan: Mapped[str] = mapped_column(String(16))
    roles: Mapped[list[str]] = mapped_column(JSON)
    secret_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiKeyRow(Base):
    """A key of a client; it may have several."""

    __tablename__ = "api_keys"
    __table_args__ = (Index("ix_api_keys_client_id", "client_id"), CLUSTERED)

    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), primary_key=True)
    prefix: Mapped[str] = mapped_column(String(16))
    """The part that may be shown: tells a client's keys apart."""
    client_id: Mapped[str] = mapped_column(String(CLIENT_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionRow(Base):
    """What began with one exchange of a secret or key for tokens; revoked, all its tokens are worth nothing."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_client_id", "client_id"),
        Index("ix_sessions_expires_at", "expires_at"),  # what nobody can use any more is cleared away
        CLUSTERED,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(CLIENT_LENGTH))
    refresh_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    """Of the one refresh token that is good now."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(64))


# Declared wider than what a mapped class has.
CLIENTS = cast("Table", ClientRow.__table__)
API_KEYS = cast("Table", ApiKeyRow.__table__)
SESSIONS = cast("Table", SessionRow.__table__)
