"""`python -m crawler.live`: keeps the live service running, and its port open while one process follows another.

The parent only listens, starts the process that serves, and starts another when that one has ended: killed, crashed,
or by itself because its memory had grown. Whoever comes in between waits for the next one, a second or two.
"""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from store.config import load_config
from store.engine import open_engine
from store.errors import ConfigError, StoreError
from store.live_access import ensure_live_secret
from store.schema import migrate

logger = logging.getLogger("live")

SHORT_LIFE_SECONDS = 5.0
"""A process that fails so soon has not served anybody."""
MOST_SHORT_LIVES = 3
"""In a row, after which it is no use to start another."""
STOP_SECONDS = 20.0
"""For lookups under way, and for what they found to be stored."""
BACKLOG = 1_024
"""Connections that may wait to be taken: a thousand equal questions come at once."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until a signal comes."""
    argparse.ArgumentParser(prog="python -m crawler.live", description=__doc__).parse_args(arguments)
    try:
        config = load_config()
        config.make_data_dir()
        ensure_live_secret(config)
        engine = open_engine(config.database_url)
        migrate(engine)
        engine.dispose()
        listener = _listen(config.live_port)
    except StoreError as error:
        sys.stderr.write(f"live: {error}\n")
        return 1
    logging.basicConfig(level=config.log_level, format="%(asctime)s [%(name)s] %(levelname)s: %(message)s")
    return Keeper(listener).run()


@dataclass
class Keeper:
    """Runs one process after the other."""

    listener: socket.socket
    process: subprocess.Popen[bytes] | None = None
    is_stopping: bool = field(default=False, init=False)

    def run(self) -> int:
        """Return the exit code of the last process."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        short_lives = 0
        while True:
            began = time.monotonic()
            code = self._run_once()
            if self.is_stopping:
                return code
            is_short = code > 0 and time.monotonic() - began < SHORT_LIFE_SECONDS
            short_lives = short_lives + 1 if is_short else 0
            if short_lives >= MOST_SHORT_LIVES:
                logger.error("The live service ended %d times as soon as it began; giving up", short_lives)
                return code or 1
            logger.warning("The live service has ended (%s); starting another", _words(code))

    def _run_once(self) -> int:
        number = self.listener.fileno()
        # Its standard input closes when we die, whatever kills us; it then ends, too.
        command = [sys.executable, "-m", "crawler.live.service", str(number)]
        with subprocess.Popen(  # noqa: S603  # our own module
            command, stdin=subprocess.PIPE, pass_fds=[number]
        ) as self.process:
            while not self.is_stopping:
                try:
                    return self.process.wait(timeout=1)
                except subprocess.TimeoutExpired:
                    continue
            return self._end(self.process)

    def _end(self, process: subprocess.Popen[bytes]) -> int:
        self.listener.close()
        process.terminate()
        try:
            return process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True
        if self.process:
            self.process.terminate()


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
    except OSError as error:
        problem = f"port {port} can't be listened on ({error.strerror})"
        raise ConfigError("LIVE_PORT", problem, "stop what listens there or choose another") from error


def _words(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


if __name__ == "__main__":
    sys.exit(main())
