"""Puts the application together: what all families share first, then the families."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from store.config import Config
from store.engine import is_mysql, open_engine
from store.limits.opening import open_counters
from store.schema import check_schema, migrate
from store.secrets import Keyring
from webapi.archive import ARCHIVE
from webapi.auth.commands import CLIENTS
from webapi.auth.guard import Guard
from webapi.auth.routes import AUTH
from webapi.auth.tokens import sign_tokens
from webapi.current import Home, settle_in
from webapi.extensions.blueprints import FamilyApi
from webapi.extensions.cors import allow_origins
from webapi.extensions.docs import SPEC_OPTIONS, serve_docs
from webapi.extensions.errors import handle_errors
from webapi.extensions.etags import tag_answers
from webapi.extensions.json import OrjsonProvider
from webapi.extensions.request_log import log_requests
from webapi.extensions.security_headers import add_security_headers
from webapi.limits.limiter import Limiter
from webapi.live import LIVE
from webapi.profiles.routes import PROFILES
from webapi.scraper import SCRAPER
from webapi.services.cursors import Cursors
from webapi.services.lookups import Lookups
from webapi.shop import SHOP
from webapi.shop.shelf import stock

LARGEST_BODY_BYTES = 1_000_000

Function = TypeVar("Function", bound=Callable[..., Any])


class Application(Flask):
    """Flask without its question, asked twenty times in a request, whether a function is a coroutine: none is."""

    def ensure_sync(self, func: Function) -> Function:
        """See `Flask`."""
        return func


def build_app(config: Config) -> Flask:
    """Make the application; raise a `StoreError` when the database can't be used."""
    from webapi.metrics.routes import METRICS, measure  # noqa: PLC0415  # not before it is known who counts

    app = Application("webapi", static_folder=None)
    app.json = OrjsonProvider(app)
    app.url_map.strict_slashes = False
    app.config |= {
        "MAX_CONTENT_LENGTH": LARGEST_BODY_BYTES,
        "API_TITLE": "TikTok crawler",
        "API_VERSION": "1.0",
        "OPENAPI_VERSION": "3.1.0",
        "API_SPEC_OPTIONS": SPEC_OPTIONS,
    }
    engine = open_tables(config)
    trust_proxies(app, config.trusted_proxies)
    keyring = Keyring.load(config)
    settle_in(app, Home(config, engine, Cursors(keyring), Lookups(config)))
    stock(app, config, engine)
    log_requests(app)
    measure(app)
    add_security_headers(app)
    tag_answers(app)
    allow_origins(app, config.cors_origins)
    sign_tokens(app, keyring)
    limiter = Limiter(app, config, open_counters(config))
    app.before_request(limiter.check_address)
    Guard(app, engine, config)
    app.before_request(limiter.check_client)
    api = FamilyApi(app)
    handle_errors(app)
    for blueprint in (AUTH, *SCRAPER, *ARCHIVE, *LIVE, *SHOP, PROFILES, METRICS):
        api.register_blueprint(blueprint)
    serve_docs(app, api.spec.to_dict())
    app.cli.add_command(CLIENTS)
    return app


def trust_proxies(app: Flask, proxies: int) -> None:
    """Take the client's address and scheme from what so many proxies in front of us say. 0: believe nobody."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]


def open_tables(config: Config) -> Engine:
    """Connect to the database. A file gets its tables here, a server by `alembic upgrade head`."""
    if config.database_url.startswith("sqlite"):
        config.make_data_dir()
    engine = open_engine(config.database_url)
    if is_mysql(engine):
        check_schema(engine)
    else:
        migrate(engine)
    return engine
