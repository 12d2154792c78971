"""What streams take."""

from __future__ import annotations

from marshmallow import Schema, fields


class StreamArgsSchema(Schema):
    """For clients that can't set headers."""

    access_token = fields.String(metadata={"description": "An access token, for browsers."})
