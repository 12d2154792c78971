"""Schemathesis makes requests up from the documentation, good and bad ones: none may surprise us.

Against the API as it is served, with a good token, live lookups and the stand-in behind it. For most of a minute; with
LONG_TESTS=1 for ten.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.fixtures.ports import free_port
from tests.fixtures.standin import RunningStandin
from tests.house.paths import ROOT
from tests.webapi.processes import PATIENCE_SECONDS, running_api
from tests.webapi.serving import Api

LONG = os.environ.get("LONG_TESTS") == "1"
SECONDS = 600 if LONG else 40
LEFT_OUT = [
    "/api/v1/auth/revoke",  # would end the session that the run has
]


@contextmanager
def live_lookups(data_dir: Path, standin: RunningStandin, port: int) -> Iterator[None]:
    """The live service beside the API."""
    settings = {
        "DATA_DIR": data_dir,
        "LIVE_PORT": port,
        "TIKTOK_BASE_URL": standin.url,
        "BROWSER_PATH": "none",
    }
    with (
        (data_dir / "live").open("w") as output,
        subprocess.Popen(
            [sys.executable, "-m", "crawler.live"],
            cwd=ROOT,
            env={**os.environ, **{name: str(value) for name, value in settings.items()}},
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not _is_healthy(port):
                assert process.poll() is None, (data_dir / "live").read_text()
                assert time.monotonic() < deadline, "live lookups did not start"
                time.sleep(0.2)
            yield
        finally:
            process.terminate()
            process.wait(30)


def _is_healthy(port: int) -> bool:
    try:
        return Api(port).get("/health").status == 200
    except (OSError, HTTPException):
        return False


@pytest.fixture
def served(tmp_path: Path, standin: RunningStandin) -> Iterator[Api]:
    port = free_port()
    settings = {"rate_limits": False, "tiktok_base_url": standin.url, "live_port": port, "log_level": "ERROR"}
    with running_api(tmp_path, **settings) as api, live_lookups(tmp_path, standin, port):
        (key,) = set(re.findall(r"api_key +(tk_\w+)", (tmp_path / "output").read_text()))
        token = api.post("/api/v1/auth/token", {"api_key": key}).document["access_token"]
        yield Api(api.port, {"Authorization": f"Bearer {token}"})


@pytest.mark.timeout(SECONDS * 2 + 120)
def test_no_request_that_can_be_made_up_surprises_the_api(served: Api, tmp_path: Path) -> None:
    command: list[str | Path] = [
        Path(sys.executable).with_name("schemathesis"),
        "--config-file", ROOT / "tests/security/schemathesis.toml", "run",
        f"http://127.0.0.1:{served.port}/openapi.json", "--header", f"Authorization: {served.headers['Authorization']}",
        "--phases", "examples,coverage,fuzzing,stateful", "--max-time", str(SECONDS),
        "--workers", "2", "--continue-on-failure", "--warnings", "off", "--no-color",
        *(word for path in LEFT_OUT for word in ("--exclude-path", path)),
    ]  # fmt: skip

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-20_000:]
    assert re.search(r"Tested: +\d\d", done.stdout), "most of the API"
    assert "Traceback" not in (tmp_path / "output").read_text()
