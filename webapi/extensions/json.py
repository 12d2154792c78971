"""JSON by orjson: moments in UTC with `Z`, never with fractions of a second."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider

OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME


def written(moment: datetime) -> str:
    """A moment as all families write it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


class OrjsonProvider(JSONProvider):
    """What Flask reads and writes JSON with."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj, default=_default, option=OPTIONS).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        body = orjson.dumps(self._prepare_response_obj(args, kwargs), default=_default, option=OPTIONS)
        return Response(body, mimetype="application/json")


def _default(value: Any) -> Any:
    if isinstance(value, datetime):
        return written(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
