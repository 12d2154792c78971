"""Every endpoint of an application, with something that fits where its path has parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, Rule, UUIDConverter

from webapi.auth.guard import OPEN


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method of an address."""

    method: str
    path: str
    rule: str
    is_open: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def endpoints(app: Flask) -> list[Endpoint]:
    """All of them but those that are answered by the framework itself, and WebSockets, which have their own tests."""
    return [
        Endpoint(
            method, path_of(app, rule), rule.rule, getattr(app.view_functions[rule.endpoint], OPEN, False)
        )
        for rule in app.url_map.iter_rules()
        if not rule.websocket
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def path_of(app: Flask, rule: Rule, **given: Any) -> str:
    """The path that leads to a rule."""
    values = {name: given.get(name, _fitting(rule._converters[name])) for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def _fitting(converter: BaseConverter) -> Any:
    if isinstance(converter, IntegerConverter):
        return 1
    if isinstance(converter, UUIDConverter):
        return UUID(int=1, version=4)
    return "docs" if "docs" in converter.regex else "1"
