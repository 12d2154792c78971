"""The examples of the family's document run as they stand there, but for the host: in Python, JavaScript and curl."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.paths import ROOT
from tests.webapi.processes import running_api
from tests.webapi.serving import Api

CONTRACTS = Path(os.environ.get("CONTRACTS_DIR") or Path(__file__).parents[4] / "shared" / "contracts")
DOCUMENT = CONTRACTS / "archive-api.md"
HOST = "http://localhost:8000"
TIMEOUT_SECONDS = 120

from_the_document = pytest.mark.skipif(
    not DOCUMENT.is_file(), reason=f"{DOCUMENT} is missing; set CONTRACTS_DIR"
)


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """The API as it is served, open to all: the examples show no credentials."""
    with running_api(tmp_path, auth_required="false") as running:
        yield running


def example(language: str, api: Api) -> str:
    """The example in a language, of the section that shows how programs ask."""
    section = DOCUMENT.read_text(encoding="utf-8").partition("## SDK Examples")[2]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found
    assert HOST in found[1]
    return found[1].replace(HOST, f"http://127.0.0.1:{api.port}")


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def made(api: Api) -> dict[str, Any]:
    """The one job there is."""
    (job,) = api.get("/api/v1/jobs").document
    return dict(job)


@from_the_document
def test_the_example_in_python_runs(api: Api) -> None:
    assert run(sys.executable, "-c", example("python", api)) == "Progress: 0%\n"
    assert (made(api)["value"], made(api)["limit"]) == ("khaby.lame", 50)


@from_the_document
def test_the_example_in_javascript_runs(api: Api, node: str) -> None:
    assert run(node, "--input-type=module", "-e", example("javascript", api)) == "Progress: 0%\n"
    assert (made(api)["value"], made(api)["limit"]) == ("khaby.lame", 50)


@from_the_document
@pytest.mark.usefixtures("curl")
def test_the_example_for_curl_runs(api: Api) -> None:
    create, rest = example("bash", api).split("# Get job status")

    job = json.loads(run("sh", "-c", create.replace("curl", "curl -sf")))
    status, videos = rest.replace("curl", "curl -sf").replace("{job_id}", job["id"]).split("# List videos")

    assert json.loads(run("sh", "-c", status))["job"] == job == made(api)
    assert json.loads(run("sh", "-c", videos))["videos"] == []


def test_the_watcher_of_our_own_documentation_runs(api: Api) -> None:
    watching = (ROOT / "docs" / "api-archive.md").read_text().partition("## Watching a job")[2]
    found = re.search(r"```python\n(.*?)```", watching, re.DOTALL)
    assert found
    job = api.post("/api/v1/jobs", {"mode": "profile", "value": "maya"}).document
    api.post(f"/api/v1/jobs/{job['id']}/cancel", None)
    given = f"API_URL, job_id, api_key = 'http://127.0.0.1:{api.port}/api/v1', {job['id']!r}, ''\n"

    state, end = map(json.loads, run(sys.executable, "-c", given + found[1]).splitlines())

    assert (state["id"], state["status"]) == (job["id"], "cancelled")
    assert end == {"reason": "finished"}
