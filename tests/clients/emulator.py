"""gcp-storage-emulator, a server of Google's upload protocol that nobody here wrote.

Cloud Storage and Drive share the protocol: sessions, 308, ranges. It lives in an environment of its own and is found
by `GCP_STORAGE_EMULATOR`, else on the PATH.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

PATIENCE_SECONDS = 60


@contextmanager
def running_emulator() -> Iterator[str]:
    """Run it and give its address; skip where it isn't installed."""
    program = os.environ.get("GCP_STORAGE_EMULATOR") or shutil.which("gcp-storage-emulator")
    if not program:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail("gcp-storage-emulator is not installed, and REQUIRE_SERVICES=1")
        pytest.skip("gcp-storage-emulator is not installed: name it in GCP_STORAGE_EMULATOR")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [program, "start", "-H", "127.0.0.1", "--port", str(port), "-M", "--default-bucket", "box"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the emulator did not start")
