"""The front door: the API's families, and the worker, which starts what clients ask for.

`create_app` makes the Flask application: `flask --app webapi …` and `python -m webapi` use it.
"""

from __future__ import annotations

from flask import Flask

from store.config import Config, load_config


def create_app(config: Config | None = None) -> Flask:
    """Make the application for these settings, by default the environment's."""
    # Imported here, so that the worker, which lives in this package too, needs none of it.
    from webapi.application import build_app  # noqa: PLC0415  # as said above

    return build_app(config or load_config())
