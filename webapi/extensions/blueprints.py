"""The blueprint of all families: what can't be read is a 400, unknown fields are refused wherever they stand."""

from __future__ import annotations

from functools import wraps
from typing import Any

import orjson
from flask import Request, current_app
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, Schema, fields, missing
from webargs.core import is_json
from webargs.flaskparser import FlaskParser

from webapi.limits.groups import GROUPS, Group


class ArgumentsParser(FlaskParser):
    """A typing error in a filter would else be a longer list, not an error."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012  # as webargs declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
    }

    def load_json(self, req: Request, schema: Any) -> Any:  # noqa: ARG002  # as webargs calls it
        """By orjson, which refuses what is nested too deeply, and halves of characters."""
        if not is_json(req.mimetype) or not req.get_data():
            return missing
        try:
            return orjson.loads(req.get_data())
        except orjson.JSONDecodeError as error:
            return self._handle_invalid_json_error(error, req)


class ErrorSchema(Schema):
    """What went wrong."""

    code = fields.String(required=True, metadata={"example": "INVALID_REQUEST"})
    message = fields.String(required=True)
    details = fields.String(metadata={"description": "Which field, and what is wrong with it."})


class ErrorEnvelopeSchema(Schema):
    """The envelope of errors."""

    error = fields.Nested(ErrorSchema, required=True)


class FamilyApi(Api):  # type: ignore[misc]  # as FamilyBlueprint
    """All families in one document."""

    ERROR_SCHEMA = ErrorEnvelopeSchema
    DEFAULT_ERROR_RESPONSE_NAME = None  # each family has its own


class FamilyBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest is published without types
    """Endpoints of a family. One whose errors look different makes a subclass that says how."""

    ARGUMENTS_PARSER = ArgumentsParser()
    ERROR_SCHEMA: type[Schema] = ErrorEnvelopeSchema
    """What the family's envelope (`webapi/extensions/envelopes.py`) makes."""
    INVALID_STATUS = 400
    """Of a request whose parameters or fields are not what their schema says."""

    def __init__(self, *args: Any, limits: Group | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.limits = limits
        """In which group its requests are counted."""

    def route(self, rule: str, **options: Any) -> Any:
        """Serve a view, and document how it may be refused, by errors that are not named, too."""
        register = super().route(rule, **options)
        document = self.alt_response("default", schema=self.ERROR_SCHEMA, description="Any other error")

        def serve(view: Any) -> Any:
            is_limited = self.limits or hasattr(view, GROUPS)
            return register(document(self.errors(429)(view) if is_limited else view))

        return serve

    def arguments(self, schema: Any, **options: Any) -> Any:
        """Read arguments, and document how they are refused."""
        status = options.setdefault("error_status_code", self.INVALID_STATUS)
        # An instance serves all requests; of a class each request would make one.
        read = super().arguments(schema() if isinstance(schema, type) else schema, **options)
        return lambda view: self.errors(status)(read(view))

    def sends(self, schema: type[Schema], example: dict[str, Any] | None = None) -> Any:
        """Document what a view gives in its written form: it becomes JSON without a walk through the schema.

        For what is asked for all the time. A test holds what is served against what is documented.
        """
        document = self.response(200, schema, example=example)

        def decorate(view: Any) -> Any:
            @wraps(view)
            def send(*args: Any, **kwargs: Any) -> Any:
                return current_app.json.response(view(*args, **kwargs))

            return document(send)

        return decorate

    def errors(self, *statuses: int) -> Any:
        """Document which errors an endpoint answers with, beside what its arguments refuse."""

        def decorate(view: Any) -> Any:
            for status in statuses:
                document = self.alt_response(
                    status, schema=self.ERROR_SCHEMA, description=DESCRIPTIONS[status]
                )
                # Of what it makes only the documentation is taken: each wrapper would cost every request.
                view._apidoc = document(view)._apidoc  # noqa: SLF001  # as flask-smorest names it
            return view

        return decorate


DESCRIPTIONS = {
    400: "Invalid parameters",
    401: "Credentials are missing or wrong",
    403: "Not yours, or not part of the plan",
    404: "Not found",
    409: "Its state does not allow this",
    413: "The body is too large",
    422: "Invalid parameters",
    424: "TikTok does not show it to us",
    429: "Too many requests",
    451: "Not shown in the country we ask from",
    500: "Database error, or an unexpected one",
    501: "This server can't do it",
    503: "Not available now",
    504: "No answer in time",
}
