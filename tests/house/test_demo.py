"""`bin/demo`, without its set-up."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.fixtures.ports import listens
from tests.house.paths import ROOT

PATIENCE_SECONDS = 300
"""For a machine that is busy with other tests; left alone it takes a tenth of that."""

pytestmark = pytest.mark.timeout(2 * PATIENCE_SECONDS)


@contextmanager
def demo(data_dir: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "crawler.demo", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data_dir), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_until(process: subprocess.Popen[str], text: str) -> list[str]:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            break
    return lines


def test_the_demo_finds_everything(tmp_path: Path) -> None:
    with demo(tmp_path, "--exit") as process:
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 0, output
    assert "posts of @khaby.lame" in output
    assert "Missing" not in output
    with closing(sqlite3.connect(tmp_path / "demo" / "tiktok.db")) as database:
        posts = database.execute("SELECT count(*) FROM videos").fetchone()[0]
        comments = database.execute("SELECT count(*) FROM comments").fetchone()[0]
        products = database.execute("SELECT count(*) FROM products WHERE price IS NOT NULL").fetchone()[0]
        files = [path for (path,) in database.execute("SELECT path FROM media_files")]
        states = dict(database.execute("SELECT kind, state FROM jobs"))
    assert posts >= 60
    assert comments >= 20
    assert products >= 60
    assert files
    assert all((tmp_path / "demo" / "media" / path).is_file() for path in files)
    assert states["bulk_profiles"] == "completed"
    for title in ("products: iphone case", "30 profiles by callback", "@khaby.lame, asked live"):
        assert title in output


def test_a_demo_that_finds_nothing_says_what_is_missing(tmp_path: Path) -> None:
    with closing(socket.socket()) as deaf:
        deaf.bind(("127.0.0.1", 0))
        site = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with demo(
            tmp_path, "--live", "@khaby.lame", TIKTOK_BASE_URL=site, TIKTOK_SHOP_BASE_URL=site
        ) as process:
            output, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 1
    assert "Missing: posts of @khaby.lame: " in output
    assert "Missing: posts with #funny: " in output
    assert "Missing: products: iphone case: " in output
    assert "Traceback" not in output


def test_the_demo_serves_on_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        output = lines_until(process, "The stand-in goes on at ")
        port = int(output[-1].split(":")[-1].split()[0])
        api, key = re.findall(r"documents: (\S+)/docs, with the key (\S+)", "".join(output))[0]
        request = urllib.request.Request(f"{api}/api/videos", headers={"X-API-Key": key})  # noqa: S310  # ours
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310  # as above
            assert json.load(answer)

        with demo(tmp_path, "--exit") as second:
            refusal, _ = second.communicate(timeout=PATIENCE_SECONDS)
        assert listens(port)
        process.send_signal(signal.SIGINT)
        code = process.wait(PATIENCE_SECONDS)

    assert code == 0, output
    assert not listens(port)
    assert not listens(int(api.rpartition(":")[2]))
    assert second.returncode == 1
    assert refusal.startswith(f"bin/demo: DATA_DIR: another demo is using {tmp_path}/demo; ")
