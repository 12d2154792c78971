"""Serves the API: `python -m webapi`. The first start ever makes a client and prints its credentials, once."""

from __future__ import annotations

import sys

from store.clients.book import create_first_client
from store.config import load_config
from store.errors import StoreError
from webapi import current
from webapi.application import open_tables
from webapi.auth.commands import show
from webapi.server import Server


def main() -> int:
    """Serve until a signal comes."""
    try:
        config = load_config()
        engine = open_tables(config)
        if made := create_first_client(engine, current.now()):
            show(made)
            sys.stdout.flush()
        # Processes that are forked must not share its connections.
        engine.dispose()
    except StoreError as error:
        sys.stderr.write(f"api: {error}\n")
        return 1
    Server(config).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
