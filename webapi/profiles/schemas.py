"""What this family takes and gives."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from webapi import current
from webapi.profiles.documents import PROCESS_STATUS

TYPES = ("instant", "callback")
MOST_SHOWN = 10_000


class Usernames(fields.List[str]):
    """A list of texts, checked at once: there may be a million."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[str | None]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        most = current.config().bulk_max_usernames
        if not 0 < len(value) <= most:
            raise ValidationError(f"Are {len(value):,}; give at least 1 and at most {most:,}.")
        for index, name in enumerate(value):
            if not isinstance(name, str):
                raise ValidationError({index: ["Not a valid string."]})
        return value


class CallbackSchema(Schema):
    """Whom to tell the end."""

    url = fields.String(
        required=True,
        validate=validate.Length(min=1, max=2048),
        metadata={"example": "https://your-api.example/webhooks/tiktok"},
    )


class ProcessSchema(Schema):
    """How to answer."""

    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    callback = fields.Nested(CallbackSchema, metadata={"description": "With `callback`, and only then."})

    @validates_schema
    def check(self, given: dict[str, Any], **_: Any) -> None:
        if (given["type"] == "callback") != ("callback" in given):
            raise ValidationError("Belongs to the type callback, which needs it.", "callback")


class RequestSchema(Schema):
    """How to process the request."""

    process = fields.Nested(ProcessSchema, required=True)


class NewRequestSchema(Schema):
    """Whose profiles, and how to answer."""

    request = fields.Nested(RequestSchema, required=True)
    usernames = Usernames(
        fields.String(),
        required=True,
        metadata={
            "description": 'With @ or without: 2-24 letters, digits, "_" or ".", no "." at the end.',
            "example": ["@khaby.lame"],
        },
    )

    @validates_schema
    def check(self, given: dict[str, Any], **_: Any) -> None:
        is_instant = given["request"]["process"]["type"] == "instant"
        if is_instant and len(given["usernames"]) != 1:
            raise ValidationError("instant takes exactly 1; use callback for more.", "usernames")


class IdempotencySchema(Schema):
    """The header that makes a repeated request harmless."""

    key = fields.String(
        data_key="Idempotency-Key",
        validate=validate.Length(min=1, max=255),
        metadata={"description": "The same key gives the same request. instant needs none."},
    )


class StatusArgsSchema(Schema):
    """Which part of the results."""

    limit = fields.Integer(
        validate=validate.Range(min=1, max=MOST_SHOWN),
        metadata={"description": "So many results; all of them where it is missing."},
    )
    offset = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=2**31 - 1),
        metadata={"description": "Results to leave out."},
    )


class ProfileSchema(Schema):
    """A profile: `user` says who it is, `stats` counts. What TikTok did not tell is null."""

    user = fields.Dict(required=True)
    stats = fields.Dict(required=True)


class ProfileResultSchema(Schema):
    """One username and how it ended."""

    username = fields.String(required=True, metadata={"example": "@khaby.lame"})
    status = fields.String(required=True, validate=validate.OneOf(["success", "error"]))
    data = fields.Nested(ProfileSchema, required=True, allow_none=True)
    from_cache = fields.Boolean(required=True, data_key="_from_cache")
    code = fields.String(metadata={"description": "Of an error.", "example": "NOT_FOUND"})
    message = fields.String(metadata={"description": "Of an error."})


class RequestNumbersSchema(Schema):
    """How far a request is."""

    request_id = fields.String(required=True, metadata={"example": "fe99c57d-bd8a-4e04-b53a-f6e46654207b"})
    total_username = fields.Integer(required=True)
    total_process = fields.Integer(required=True)
    total_success = fields.Integer(required=True)
    total_error = fields.Integer(required=True)
    process_percentage = fields.Integer(required=True, validate=validate.Range(min=0, max=100))
    process_status = fields.String(
        required=True, validate=validate.OneOf(sorted(set(PROCESS_STATUS.values())))
    )
    state = fields.String(
        required=True, metadata={"description": "More exact: paused and failed have words, too."}
    )
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why it is so."})
    created_at = fields.String(required=True, metadata={"example": "2026-01-31 12:00:00"})


class RequestStatusSchema(RequestNumbersSchema):
    """How far a request is, and its results once it has ended."""

    result = fields.List(fields.Nested(ProfileResultSchema), required=True, allow_none=True)
    has_more = fields.Boolean(metadata={"description": "With `limit`: whether more results follow."})


class DoneSchema(Schema):
    """That it was done."""

    status = fields.String(required=True, metadata={"example": "success"})
    message = fields.String(required=True, metadata={"example": "TikTok Request cancellation processed"})


class InstantSchema(DoneSchema):
    """The profile, at once."""

    data = fields.List(fields.Nested(ProfileResultSchema), required=True)


class QueuedSchema(DoneSchema):
    """The request that was made."""

    data = fields.Nested(RequestNumbersSchema, required=True)


class StatusSchema(DoneSchema):
    """A request."""

    data = fields.Nested(RequestStatusSchema, required=True)
