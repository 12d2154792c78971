"""What this family takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields

from webapi.extensions.json import written


class Moment(fields.DateTime):
    """A moment in UTC, to the second: `2026-01-31T12:00:00Z`."""

    def _serialize(self, value: datetime | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else written(value)


class HealthSchema(Schema):
    """That we are up."""

    status = fields.String(required=True, metadata={"example": "healthy"})
    timestamp = Moment(required=True)
