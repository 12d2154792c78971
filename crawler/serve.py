"""Everything that serves, in one terminal: `bin/serve`. Ctrl-C, or the end of one part, stops all of it."""

from __future__ import annotations

import argparse
import os
import shlex
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import honcho.manager
from honcho.manager import Manager

from store.config import Config, load_config
from store.engine import open_engine
from store.errors import ConfigError, StoreError
from store.node_credentials import credentials_file, ensure_credentials
from store.schema import migrate

STOP_SECONDS = 15
"""Crawls that are stopped hand back their work, which takes up to ten; honcho itself kills after five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process and the port it listens on, if it does."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    port: int = 0
    port_variable: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Its own settings, in place of what the environment says."""

    @property
    def command(self) -> str:
        return "exec " + shlex.join([sys.executable, "-m", self.module, *self.arguments])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}" if self.port else ""


def main(arguments: list[str] | None = None) -> int:
    """Run the parts until one ends or a signal comes."""
    parser = argparse.ArgumentParser(prog="bin/serve", description=__doc__)
    parser.add_argument("--standin", action="store_true", help="crawl the bundled stand-in instead of TikTok")
    parser.add_argument(
        "--nodes", type=int, default=1, metavar="N", help="run N crawl nodes, on ports from SCRAPYD_PORT on"
    )
    given = parser.parse_args(arguments)
    wants_standin = given.standin
    try:
        config = load_config()
        parts = list(choose_parts(config, nodes=given.nodes, wants_standin=wants_standin))
        for part in parts:
            if part.port:
                require_free(part)
        prepare(config)
    except StoreError as error:
        sys.stderr.write(f"bin/serve: {error}\n")
        return 1
    return run(parts, wants_standin=wants_standin, config=config)


def choose_parts(config: Config, *, nodes: int = 1, wants_standin: bool) -> Iterator[Part]:
    """Say which processes run."""
    ports = range(config.scrapyd_port, config.scrapyd_port + nodes)
    for port in ports:
        yield Part(
            name="scrapyd" if nodes == 1 else f"scrapyd-{port}",
            module="scrapyd",
            # Else a file twistd.pid in this directory keeps a second node from starting, even after a crash.
            arguments=("--pidfile=",),
            port=port,
            port_variable="SCRAPYD_PORT",
            variables={"SCRAPYD_PORT": str(port)},
        )
    urls = ",".join(config.scrapyd_urls) or ",".join(f"http://127.0.0.1:{port}" for port in ports)
    yield Part(name="worker", module="webapi.worker", variables={"SCRAPYD_URLS": urls})
    yield Part(name="live", module="crawler.live", port=config.live_port, port_variable="LIVE_PORT")
    yield Part(name="api", module="webapi", port=config.port, port_variable="PORT")
    if wants_standin:
        port = config.standin_port
        yield Part(
            name="standin",
            module="standin",
            arguments=("--port", str(port)),
            port=port,
            port_variable="STANDIN_PORT",
        )


def require_free(part: Part) -> None:
    """Raise `ConfigError` when something else listens on the part's port."""
    with socket.socket() as probe:
        # As servers do: a port that is only waiting for stray packets of its last user counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", part.port))
        except OSError as error:
            problem = f"port {part.port} for {part.name} is not free ({error.strerror})"
            fix = "stop what listens there or choose another"
            raise ConfigError(part.port_variable, problem, fix) from error


def prepare(config: Config) -> None:
    """Bring the database up to date and see to it that the node has a password."""
    config.make_data_dir()
    engine = open_engine(config.database_url)
    migrate(engine)
    engine.dispose()
    ensure_credentials(config)


def run(parts: list[Part], *, wants_standin: bool, config: Config) -> int:
    honcho.manager.KILL_WAIT = STOP_SECONDS
    manager = Manager()
    environment = dict(os.environ)
    for part in parts:
        sys.stdout.write(f"{part.name:8} {part.url}".rstrip() + "\n")
        if wants_standin and part.name == "standin":
            environment |= {"TIKTOK_BASE_URL": part.url, "TIKTOK_SHOP_BASE_URL": part.url}
    for part in parts:
        manager.add_process(part.name, part.command, env={**environment, **part.variables})
    sys.stdout.write(
        f"Scrapyd's user and password: {where_password_stands(config)}. Ctrl-C stops everything.\n"
    )
    sys.stdout.flush()
    manager.loop()
    return int(manager.returncode or 0)


def where_password_stands(config: Config) -> str:
    if config.scrapyd_username and config.scrapyd_password:
        return "SCRAPYD_USERNAME and SCRAPYD_PASSWORD"
    return str(credentials_file(config))


if __name__ == "__main__":
    sys.exit(main())
