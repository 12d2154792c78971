"""The stand-in as a process of its own, for benchmarks that need a site."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def run_standin(users: int = 1_000) -> Iterator[str]:
    """Run the stand-in and give its address."""
    command = [sys.executable, "-m", "standin", "--port", "0", "--users", str(users)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().removeprefix("standin listening on ").strip()
        finally:
            process.terminate()


def usernames(number: int) -> list[str]:
    """Name accounts that exist in it."""
    command = [sys.executable, "-m", "standin", "usernames", str(number)]
    return subprocess.check_output(command, cwd=ROOT, text=True).split()
