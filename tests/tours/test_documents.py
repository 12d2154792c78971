"""What the documents show with curl runs as it stands there, line by line, against `bin/serve --standin`."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.house import ROOT, House
from tests.fixtures.waiting import wait_until

TOURS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("api*.md")])
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
NO_SHOWN_ERRORS = 'curl() { command curl --silent --show-error --fail-with-body --max-time 60 "$@"; }\n'


def curls(document: Path) -> list[str]:
    """The lines of a document that ask a server."""
    blocks = SHELL_BLOCK.findall(document.read_text())
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.startswith("curl ")]


def at_home(line: str, house: House, token: str) -> str:
    """The line with this server's ports and credentials in place of the document's."""
    for shown, ours in {
        "localhost:5000": f"127.0.0.1:{house.port}",
        "localhost:6800": f"127.0.0.1:{house.scrapyd_port}",
        "data/scrapyd/credentials": shlex.quote(str(house.credentials_file)),
        "tk_…": house.api_key,
        "eyJ…": token,
    }.items():
        line = line.replace(shown, ours)
    return line


def no_job_is_open(house: House) -> bool:
    return all(house.ask_api(f"/api/jobs?status={status}")["total"] == 0 for status in ("pending", "running"))


@pytest.mark.usefixtures("curl")
@pytest.mark.parametrize("document", TOURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_request_of_a_document_is_answered(document: Path, house: House) -> None:
    lines = curls(document)
    assert lines, "a document about the API shows how to ask it"

    for line in lines:
        token = house.ask_api("/api/v1/auth/token", {"api_key": house.api_key})["access_token"]
        script = f"{NO_SHOWN_ERRORS}API_KEY={house.api_key}\n{at_home(line, house, token)}"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        json.loads(done.stdout)
        wait_until(lambda: no_job_is_open(house), "the crawl that was asked for")
