"""What several families take and give alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from store.jobs.arguments import InvalidArgument, moment
from webapi.extensions.json import written


class Moment(fields.DateTime):
    """A moment in UTC, to the second: `2026-01-31T12:00:00Z`. Given without a zone, it is UTC."""

    def _serialize(self, value: datetime | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else written(value)

    def _deserialize(self, value: Any, attr: str | None, *_: Any, **__: Any) -> datetime:
        if not isinstance(value, str):
            raise ValidationError("Not a valid datetime.")
        try:
            return moment(attr or "date", value)
        except (InvalidArgument, OverflowError):
            raise ValidationError(
                "Not a valid datetime: write ISO 8601, for example 2026-01-31T12:00:00Z."
            ) from None


class Flag(fields.Boolean):
    """A boolean of a body: `true` or `false`, where a query has nothing but words. To Python, 1 equals True."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class IdempotencySchema(Schema):
    """The header that makes a repeated request harmless."""

    key = fields.String(
        data_key="Idempotency-Key",
        validate=validate.Length(min=1, max=255),
        metadata={"description": "The same key gives the same job, however often it is sent."},
    )
