"""The examples of the documentation run as they stand there, against `bin/serve --standin`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.house import ROOT, House

EXAMPLES = ROOT / "docs" / "examples"


def run(house: House, *command: str | Path) -> str:
    """Run an example as a reader would; return what it printed."""
    environment = {**os.environ, "API_URL": f"http://127.0.0.1:{house.port}", "API_KEY": house.api_key}
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_client_in_python_has_a_profile_crawled_and_lists_its_posts(house: House) -> None:
    lines = run(house, sys.executable, EXAMPLES / "client.py", "khaby.lame").splitlines()

    watched = [line for line in lines if line.startswith("job ")]
    assert watched[-1].endswith(": completed, 100 %, 20 posts")
    posts = lines[len(watched) :]
    assert len(posts) >= 20
    assert all(re.match(r"\d{4}-\d\d-\d\d +[\d,]+  .", line) for line in posts)


@pytest.mark.usefixtures("curl")
def test_the_tour_with_curl_ends_with_the_posts_that_were_seen_most(house: House) -> None:
    *watched, answer = run(house, EXAMPLES / "tour.sh", "wim.thorn18").splitlines()

    assert watched[-1].endswith(": completed")
    views = [video["views"] for video in json.loads(answer)["videos"]]
    assert len(views) == 5
    assert views == sorted(views, reverse=True)
