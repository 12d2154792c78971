"""This family's blueprint: what can't be used is a 422, as its clients expect."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from webapi.archive.errors import UNUSABLE
from webapi.extensions.blueprints import DESCRIPTIONS, FamilyBlueprint


class DetailSchema(Schema):
    """What went wrong."""

    detail = fields.String(required=True, metadata={"example": "Resource not found"})
    error = fields.String(metadata={"description": "The error itself, where DEBUG is on."})


class FieldProblemSchema(Schema):
    """A field that can't be used."""

    loc = fields.List(fields.Raw(), required=True, metadata={"example": ["body", "mode"]})
    msg = fields.String(required=True, metadata={"example": "field required"})
    type = fields.String(required=True, metadata={"example": "value_error.missing"})


class FieldProblemsSchema(Schema):
    """Fields that can't be used."""

    detail = fields.List(fields.Nested(FieldProblemSchema), required=True)


class ArchiveBlueprint(FamilyBlueprint):
    """Endpoints of this family."""

    ERROR_SCHEMA = DetailSchema
    INVALID_STATUS = UNUSABLE

    def errors(self, *statuses: int) -> Any:
        """Document errors; one status has a list in its envelope."""
        document = super().errors(*(status for status in statuses if status != UNUSABLE))
        told = DESCRIPTIONS[UNUSABLE]
        fields = self.alt_response(UNUSABLE, schema=FieldProblemsSchema, description=told)
        return lambda view: fields(document(view)) if UNUSABLE in statuses else document(view)
