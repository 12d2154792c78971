"""The API as it is served: `python -m webapi`, with processes and threads, on a port of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fixtures.ports import free_port, listens
from tests.house.paths import ROOT
from tests.webapi.serving import Api

PATIENCE_SECONDS = 60


@contextmanager
def running_api(data_dir: Path, **settings: object) -> Iterator[Api]:
    """Start it with these settings, wait until it answers, and stop it; its output is `output` in `data_dir`."""
    port = free_port()
    wanted = {"DATA_DIR": data_dir, "PORT": port, **settings}
    environment = {**os.environ, **{name.upper(): str(value) for name, value in wanted.items()}}
    with (
        (data_dir / "output").open("w") as output,
        subprocess.Popen(
            [sys.executable, "-m", "webapi"], cwd=ROOT, env=environment, stdout=output, stderr=output
        ) as process,
    ):
        try:
            _wait_for(port, process)
            yield Api(port)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if listens(port):
            return
        time.sleep(0.05)
    raise AssertionError("the API did not start")
