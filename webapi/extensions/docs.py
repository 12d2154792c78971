"""`/docs` (Swagger UI) and `/redoc`: pages of ours around scripts that come with installed packages.

No other host is asked: whoever reads the documentation needs no internet, and tells nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, send_file

from webapi.auth.guard import open_to_all
from webapi.extensions.envelopes import Problem, envelope_for

_PAGES = Blueprint("docs", __name__)

SPEC_OPTIONS: dict[str, Any] = {
    "info": {
        "description": (
            "Public TikTok data, collected on request, kept with its history. Get a token from "
            "`POST /api/v1/auth/token`, or send an API key as `X-API-Key`."
        ),
        "license": {"name": "MIT", "identifier": "MIT"},
    },
    "components": {
        "securitySchemes": {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "The access token of `POST /api/v1/auth/token`.",
            },
            "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        }
    },
    "security": [{"bearer": []}, {"apiKey": []}],
}
HOUR_SECONDS = 3600
WRONG = "Must be greater than or equal to 1 and less than or equal to 100."
"""What is wrong with a field, in the examples."""
UNUSABLE = (400, 422)

SWAGGER_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>TikTok crawler: API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
SWAGGER_START = """SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#swagger", deepLinking: true, persistAuthorization: true, validatorUrl: null,
});
"""
REDOC_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>TikTok crawler: API</title>
<link rel="icon" href="data:,">
<style>body { margin: 0 }</style>
</head>
<body>
<redoc spec-url="/openapi.json" hide-logo disable-search="false"></redoc>
<script src="/redoc/redoc.standalone.js"></script>
</body>
</html>
"""
FILES = {
    "docs": ("flask_openapi3_swagger", "swagger", {"css": "swagger-ui.css", "js": "swagger-ui-bundle.js"}),
    "redoc": ("flask_openapi3_redoc", "redoc", {"js": "redoc.standalone.js"}),
}
"""Page → the package that has its files, its folder there, and which files by kind."""


def serve_docs(app: Flask, spec: dict[str, Any]) -> None:
    """Serve the pages, and the document that they show."""
    _show_errors(spec)
    _leave_filters_empty(spec)
    document = app.json.dumps(spec)

    @open_to_all
    def openapi() -> Response:
        return Response(document, mimetype="application/json")

    app.add_url_rule("/openapi.json", view_func=openapi)
    app.register_blueprint(_PAGES)


def _show_errors(spec: dict[str, Any]) -> None:
    """Give each error of the document an example: what the family's own envelope makes of it."""
    for path, operation in _operations(spec):
        usual = _body(operation["responses"].get("default", {}))
        for status, response in operation["responses"].items():
            code, body = 500 if status == "default" else int(status), _body(response)
            is_envelope = body.get("schema") == usual.get("schema") or code in UNUSABLE
            if body and code >= 400 and is_envelope and "example" not in body:
                body["example"] = envelope_for(path)(_problem(code, response["description"]))


def _leave_filters_empty(spec: dict[str, Any]) -> None:
    """Tell optional parameters' examples among several, since the page's form would fill in a single one.

    Whoever tries an operation then gets all there is, not what an example would leave of it.
    """
    for _, operation in _operations(spec):
        for parameter in operation.get("parameters", []):
            schema = parameter.get("schema", {})
            if not parameter.get("required") and "example" in schema:
                schema["examples"] = [schema.pop("example")]


def _operations(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation with its path."""
    for path, methods in spec["paths"].items():
        yield from ((path, operation) for method, operation in methods.items() if method != "parameters")


def _body(response: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = response.get("content", {}).get("application/json", {})
    return found


def _problem(status: int, message: str) -> Problem:
    if status not in UNUSABLE:
        return Problem(status=status, message=message)
    fields = {"query": {"limit": [WRONG]}}
    return Problem(status=status, message=message, details=f"limit: {WRONG}", fields=fields)


@_PAGES.get("/docs")
@open_to_all
def swagger() -> str:
    return SWAGGER_PAGE


@_PAGES.get("/docs/start.js")
@open_to_all
def start_swagger() -> Response:
    return Response(SWAGGER_START, mimetype="text/javascript")


@_PAGES.get("/redoc")
@open_to_all
def redoc() -> str:
    return REDOC_PAGE


@_PAGES.get("/<any(docs, redoc):page>/<name>")
@open_to_all
def file(page: str, name: str) -> Response:
    package, folder, names = FILES[page]
    kind = name.rpartition(".")[2]
    if names.get(kind) != name:
        abort(404)
    return send_file(_home(package) / "templates" / folder / kind / name, max_age=HOUR_SECONDS)


def _home(package: str) -> Path:
    spec = find_spec(package)
    return Path(spec.origin if spec and spec.origin else package).parent
