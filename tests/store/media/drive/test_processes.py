"""Processes that are killed, and processes that want the same at once."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from hashlib import md5
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.fixtures.drive import ROOT, RunningDrive
from tests.store.media.drive.conftest import Workshop
from tests.store.media.drive.uploader import CHUNK

LONG = os.environ.get("LONG_TESTS") == "1"
FILES = 10 if LONG else 4
SIZE = 6 * CHUNK + 5
KILLS = 20 if LONG else 5
FOLDERS = 200 if LONG else 30


class Uploaders:
    """Starts uploaders on one database."""

    def __init__(self, drive: RunningDrive, engine: Engine, folder: Path) -> None:
        self.files = folder / "files"
        self.files.mkdir()
        shop = Workshop(drive, engine, folder)
        shop.config()
        database = engine.url.render_as_string(hide_password=False)
        self.order = {"env": str(folder / "drive.env"), "url": drive.url, "database": database,
                      "files": str(self.files)}  # fmt: skip

    def start(self, **more: Any) -> subprocess.Popen[str]:
        order = json.dumps(self.order | {name: str(value) for name, value in more.items()})
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.media.drive.uploader", order],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        return process

    def go(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()


@pytest.fixture
def uploaders(request: pytest.FixtureRequest, drive: RunningDrive, tmp_path: Path) -> Uploaders:
    return Uploaders(drive, request.getfixturevalue(f"{request.param}_engine"), tmp_path)


@pytest.mark.parametrize("uploaders", ["sqlite", "mysql"] if LONG else ["sqlite"], indirect=True)
def test_killed_again_and_again_it_stores_everything_once(drive: RunningDrive, uploaders: Uploaders) -> None:
    whole = {}
    for number in range(FILES):
        content = Random(number).randbytes(SIZE)  # noqa: S311  # contents, not secrets
        (uploaders.files / f"film {number}.mp4").write_bytes(content)
        whole[f"film {number}.mp4"] = md5(content, usedforsecurity=False).hexdigest()

    kills = 0
    while kills < KILLS:
        process = uploaders.start()
        uploaders.go(process)
        wanted = len(drive.log("PUT")) + random.randint(1, 3)  # noqa: S311  # any moment will do
        while process.poll() is None and len(drive.log("PUT")) < wanted:
            pass
        if process.poll() is not None:
            break
        process.kill()
        process.communicate()
        kills += 1
    last = uploaders.start()
    told, _ = last.communicate("\n", timeout=120)

    entries = drive.entries()
    assert told == "done\n"
    assert kills >= KILLS // 2
    assert {entry["name"]: entry["md5Checksum"] for entry in entries if "size" in entry} == whole
    assert len(entries) == FILES * 2 + 2  # each in its folder, below two more
    sent = sum(one.get("received") or 0 for one in drive.log("PUT"))
    assert sent <= FILES * SIZE + kills * CHUNK


@pytest.mark.parametrize("uploaders", ["sqlite", "mysql"] if LONG else ["mysql"], indirect=True)
def test_two_processes_make_each_folder_once(drive: RunningDrive, uploaders: Uploaders) -> None:
    both = [uploaders.start(folders=FOLDERS) for _ in range(2)]
    for process in both:
        uploaders.go(process)
    told = [process.communicate(timeout=170)[0] for process in both]

    names = Counter(entry["name"] for entry in drive.entries())
    assert told == ["done\n", "done\n"]
    assert names == Counter({"TikTok": 1, "profile": 1} | {f"user {number}": 1 for number in range(FOLDERS)})
    answers = Counter(one["status"] for one in drive.log("POST", "/drive/v3/files"))
    assert answers[200] == FOLDERS + 2
