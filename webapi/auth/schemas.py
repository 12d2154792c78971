"""What the token endpoints take and give."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

WORD = validate.Length(min=1, max=256)


class TokenArgsSchema(Schema):
    """A client's id and secret, or one of its API keys."""

    client_id = fields.String(validate=WORD, metadata={"example": "cl_0123456789abcdef"})
    client_secret = fields.String(validate=WORD)
    api_key = fields.String(validate=WORD)

    @validates_schema
    def _one_or_the_other(self, given: dict[str, Any], **_: Any) -> None:
        if set(given) not in ({"client_id", "client_secret"}, {"api_key"}):
            raise ValidationError("send client_id and client_secret, or api_key alone", "client_id")


class RefreshArgsSchema(Schema):
    """The newest refresh token of a session."""

    refresh_token = fields.String(required=True, validate=WORD)


class TokensSchema(Schema):
    """A pair of tokens."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, metadata={"example": "Bearer"})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds", "example": 900})
    refresh_token = fields.String(
        required=True, metadata={"description": "Good for one use; used again, it ends the session."}
    )


class MeSchema(Schema):
    """Who asks."""

    client_id = fields.String(required=True)
    name = fields.String(required=True)
    plan = fields.String(required=True, metadata={"enum": ["free", "pro", "enterprise"]})
    roles = fields.List(fields.String(), required=True)
