"""What this family takes and gives. The records are those of `tiktok.items`, word for word."""

from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from marshmallow import Schema, fields, validate

from store.exits.exit import ExitState
from tiktok.items import Item
from tiktok.lookups import DEFAULT_COUNT, LONGEST_CURSOR, LONGEST_TEXT, MOST_COUNT
from webapi.extensions.schemas import Moment

PLAIN: dict[type, type[fields.Field[Any]]] = {
    bool: fields.Boolean,
    int: fields.Integer,
    float: fields.Float,
    datetime: fields.DateTime,
}
"""All other types are texts in JSON."""


class RecordArgsSchema(Schema):
    """How fresh the answer has to be."""

    fresh = fields.Boolean(
        load_default=False, metadata={"description": "1 asks TikTok even if the answer is known."}
    )


class ListArgsSchema(RecordArgsSchema):
    """How much of a list."""

    count = fields.Integer(load_default=DEFAULT_COUNT, validate=validate.Range(min=1, max=MOST_COUNT))
    cursor = fields.String(
        validate=validate.Length(min=1, max=LONGEST_CURSOR),
        metadata={"description": "That of the answer before, to go on behind it."},
    )


class SearchArgsSchema(ListArgsSchema):
    """What to search for."""

    q = fields.String(
        required=True, validate=validate.Length(min=1, max=LONGEST_TEXT), metadata={"example": "funny cats"}
    )


class FoundSchema(Schema):
    """Where an answer comes from, and how old it is."""

    source = fields.String(
        required=True, allow_none=True, metadata={"description": "The route that answered."}
    )
    fetched_at = fields.DateTime(required=True)
    cached = fields.Boolean(required=True)
    cached_at = fields.DateTime(required=True, allow_none=True)
    stale = fields.Boolean(
        required=True, metadata={"description": "It is older than it should be: nothing newer could be had."}
    )
    stale_reason = fields.String(required=True, allow_none=True)


class ListedSchema(FoundSchema):
    """How far a list was read."""

    outcome = fields.String(
        required=True, metadata={"description": "How it ended: ok, or what refused the rest of the list."}
    )
    count = fields.Integer(required=True, metadata={"description": "Rows in this answer."})
    complete = fields.Boolean(required=True, metadata={"description": "Nothing follows."})
    truncated = fields.String(
        required=True, allow_none=True, metadata={"description": "Why rows are missing that the list has."}
    )
    declared = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Rows that TikTok says the list has."}
    )
    cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "Where to go on, if anything follows."}
    )


@cache
def one(item_type: type) -> Schema:
    """The schema of an answer with one record."""
    data = fields.Nested(_schema_of(item_type), required=True)
    return FoundSchema.from_dict({"data": data}, name=f"{item_type.__name__}Found")()


@cache
def many(item_type: type) -> Schema:
    """The schema of an answer with a list of records."""
    data = fields.List(fields.Nested(_schema_of(item_type)), required=True)
    return ListedSchema.from_dict({"data": data}, name=f"{item_type.__name__}sListed")()


@cache
def _schema_of(of: type) -> type[Schema]:
    """The schema of a record, from its fields and their types."""
    hints = get_type_hints(of)
    named: dict[str, Any] = {field.name: _field(hints[field.name]) for field in fields_of(of)}
    if issubclass(of, Item):
        named["type"] = fields.String(required=True, metadata={"example": of.type})
    return Schema.from_dict(named, name=f"Live{of.__name__}")


def _field(hint: Any) -> fields.Field[Any]:
    if isinstance(hint, UnionType):  # of a type and None, nothing else
        return _field_of(get_args(hint)[0], required=True, allow_none=True)
    return _field_of(hint, required=True)


def _field_of(hint: Any, **options: Any) -> fields.Field[Any]:
    if get_origin(hint) in (list, frozenset):
        return fields.List(_field_of(get_args(hint)[0]), **options)
    if is_dataclass(hint):
        return fields.Nested(_schema_of(hint), **options)  # type: ignore[arg-type]  # a class, never one of its values
    return PLAIN.get(hint, fields.String)(**options)


class ParseUrlArgsSchema(Schema):
    """A URL of a post."""

    url = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_TEXT),
        metadata={"example": "https://vm.tiktok.com/ZMabc123/"},
    )
    resolve_redirects = fields.Boolean(
        load_default=True,
        truthy={True},
        falsy={False},
        metadata={"description": "false refuses short links instead of following them."},
    )


class PostAddressSchema(Schema):
    """A post and its address."""

    id = fields.String(required=True)
    url = fields.String(required=True)
    username = fields.String(
        required=True, allow_none=True, metadata={"description": "As the address says, if it does."}
    )


class ParsedUrlSchema(Schema):
    """What a URL leads to."""

    video_id = fields.String(required=True)
    original_url = fields.String(required=True)
    data = fields.Nested(PostAddressSchema, required=True)


class ProxySchema(Schema):
    """A proxy, without its credentials."""

    name = fields.String(required=True)
    from_ = fields.String(required=True, data_key="from", attribute="from")
    state = fields.String(required=True, validate=validate.OneOf(list(ExitState)))
    reason = fields.String(required=True, allow_none=True)
    country = fields.String(required=True, allow_none=True)
    identities = fields.Integer(required=True)
    failures = fields.Integer(required=True, metadata={"description": "In a row."})
    resting_until = Moment(required=True, allow_none=True)
    last_used_at = Moment(required=True, allow_none=True)


class ProxiesSchema(Schema):
    """The proxies and how they are used."""

    enabled = fields.Boolean(required=True)
    required = fields.Boolean(
        required=True, metadata={"description": "Nothing is ever asked without a proxy."}
    )
    algorithm = fields.String(required=True)
    total = fields.Integer(required=True)
    working = fields.Integer(required=True)
    proxies = fields.List(
        fields.Nested(ProxySchema), required=True, allow_none=True, metadata={"description": "For admins."}
    )


class ProxyStatusSchema(Schema):
    """The answer of `/api/v1/proxy/status`."""

    data = fields.Nested(ProxiesSchema, required=True)


class IdentityCountsSchema(Schema):
    """Identities: who asks, each with cookies, and mostly an msToken, of its own."""

    ready = fields.Integer(required=True)
    in_use = fields.Integer(required=True)
    resting = fields.Integer(required=True)
    expired = fields.Integer(required=True)
    logged_in = fields.Integer(required=True)


class TokenCountsSchema(Schema):
    """msTokens, counted by how they are."""

    total_tokens = fields.Integer(required=True)
    healthy_tokens = fields.Integer(required=True)
    resting_tokens = fields.Integer(required=True)
    expired_tokens = fields.Integer(required=True)
    unused_tokens = fields.Integer(
        required=True, metadata={"description": "Of MS_TOKENS: no identity has taken them yet."}
    )
    identities = fields.Nested(IdentityCountsSchema, required=True)


class TokenStatsSchema(Schema):
    """The answer of `/token-stats`."""

    data = fields.Nested(TokenCountsSchema, required=True)
