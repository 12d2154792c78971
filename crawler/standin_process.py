"""The stand-in as a process beside us, for as long as a `with` block lasts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

READY = "standin listening on "
"""What its first line starts with; the address follows."""
PATIENCE_SECONDS = 10
"""How long it may take to stop."""


class StandinFailed(Exception):  # noqa: N818  # says what happened
    """The stand-in ended before it listened."""


@contextmanager
def running_standin(port: int = 0) -> Iterator[str]:
    """Start the stand-in, wait until it listens, give its address, stop it at the end."""
    command = [sys.executable, "-m", "standin", "--port", str(port)]
    # A group of its own: Ctrl-C is ours to answer, and then to pass on.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, process_group=0) as process:  # noqa: S603  # ours
        try:
            line = process.stdout.readline().strip() if process.stdout else ""
            if not line.startswith(READY):
                raise StandinFailed(f"the stand-in did not start: {line or 'see above'}")
            yield line.removeprefix(READY)
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def some_usernames(count: int) -> list[str]:
    """Name accounts that exist in it."""
    command = [sys.executable, "-m", "standin", "usernames", str(count)]
    named = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603  # ours
    return named.stdout.split()
