"""A client as a value: its plan and its roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import Row


class Plan(StrEnum):
    """What a client pays for; limits follow from it."""

    FREE = "free"
    PRO = "pro"
    ENTERPRISE = "enterprise"


class Role(StrEnum):
    """What a client may do beside its own business."""

    ADMIN = "admin"
    """Runs this installation."""
    METRICS = "metrics"
    """May read `/metrics`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Somebody who may use the API."""

    id: str
    name: str
    plan: Plan
    roles: frozenset[Role]
    created_at: datetime | None
    disabled_at: datetime | None = None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Make a client of its row."""
        return cls(
            id=row.id,
            name=row.name,
            plan=Plan(row.plan),
            roles=frozenset(map(Role, row.roles)),
            created_at=row.created_at,
            disabled_at=row.disabled_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCredentials:
    """What a client gets to see once."""

    client: Client
    client_secret: str = field(repr=False)
    api_key: str = field(repr=False)


OPERATOR = Client(
    id="cl_operator", name="operator", plan=Plan.ENTERPRISE, roles=frozenset({Role.ADMIN}), created_at=None
)
"""Whoever holds a key of the setting `API_KEYS`, or asks where no credentials are required."""
