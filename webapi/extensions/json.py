"""JSON by orjson: moments in UTC with `Z`, never with fractions of a second."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
"""Moments come from the database in UTC, so orjson may write them itself, as `written` does."""


def written(moment: datetime) -> str:
    """A moment as all families write it; `strftime` would write the year 259 with three digits."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"


class OrjsonProvider(JSONProvider):
    """What Flask reads and writes JSON with."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj, option=OPTIONS).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        body = orjson.dumps(self._prepare_response_obj(args, kwargs), option=OPTIONS)
        return Response(body, mimetype="application/json")
