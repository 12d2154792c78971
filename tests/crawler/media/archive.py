"""What tests want to know of an archive, and of the origin that it came from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from standin.wire.links import post_uri
from standin.world.population import World
from standin.world.posts import Post, post_number
from tests.crawler.command import start_scrapy
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin

CDN = ("/video/tos/", "/tos-")
LONG = os.environ.get("LONG_TESTS") == "1"
PATIENCE_SECONDS = 120
"""How long a crawl of slow files may take on a busy machine."""


@cache
def world() -> World:
    """The population of the running stand-in."""
    return World(seed=7, users=1_000)


def newest_posts(username: str, most: int) -> list[Post]:
    """An account's newest posts."""
    account = world().account_called(username)
    assert account
    newest = account.role.posts - 1
    return [post_number(account, newest - number) for number in range(most)]


def file_path_at_cdn(post: Post) -> str:
    """A pattern that the paths of a post's own files match, wherever they lie."""
    return f"*{post_uri(post).decode()}*"


def files_of(site: Site, pattern: str = "*") -> list[Path]:
    """The archive's files by name, without folders and parts."""
    found = site.archive.rglob(pattern)
    return sorted(path for path in found if path.is_file() and ".parts" not in path.parts)


def parts_of(site: Site) -> list[str]:
    """What is left of unfinished downloads."""
    return sorted(path.name for path in site.archive.rglob("*.part"))


def sidecars_of(site: Site) -> dict[str, dict[str, Any]]:
    """All sidecars by post."""
    told = [json.loads(path.read_bytes()) for path in files_of(site, "*.json")]
    return {each["id"]: each for each in told}


def assert_as_told(site: Site) -> None:
    """Every file is what its sidecar says, and each media file has a sidecar."""
    told = set()
    for path in files_of(site, "*.json"):
        for file in json.loads(path.read_bytes())["archive"]["files"]:
            media = path.with_name(file["name"])
            assert hashlib.sha256(media.read_bytes()).hexdigest() == file["sha256"], media
            told.add(media)
    assert told == {path for path in files_of(site) if path.suffix != ".json"}


def asked_of_cdn(standin: RunningStandin) -> int:
    """How many requests the CDN has had."""
    counts: dict[str, int] = standin.log()["counts"]
    return sum(
        count for path, count in counts.items() if path.startswith(CDN) or len(path.split("/")[1]) == 32
    )


def probe(path: Path) -> dict[str, Any]:
    """What ffprobe says about a file."""
    program = shutil.which("ffprobe")
    if program is None:
        pytest.skip("ffprobe is not installed")
    command = [program, "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)]
    told: dict[str, Any] = json.loads(subprocess.check_output(command))
    return told


def kill_amid(command: list[str], variables: dict[str, str], progress: Callable[[], int], log: Path) -> None:
    """Start a crawl, and kill it when it has got a little further, or has ended."""
    before = progress()
    process = start_scrapy(command, variables, log)
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while progress() < before + 2 and process.poll() is None:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)
