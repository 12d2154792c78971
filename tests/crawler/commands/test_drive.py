"""`scrapy drive` as an operator types it, against the pretend Drive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.fixtures.drive import ROOT, RunningDrive


@pytest.fixture
def environment(drive: RunningDrive, tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'test.db'}",
        "DRIVE_BASE_URL": drive.url,
        "MEDIA_STORE": "drive://root",
        "OAUTHLIB_INSECURE_TRANSPORT": "1",  # the pretend Google speaks plain http
    }


def scrapy(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "scrapy", "drive", *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_who_logs_in_can_store(drive: RunningDrive, environment: dict[str, str], tmp_path: Path) -> None:
    client = tmp_path / "client.json"
    client.write_text(json.dumps(drive.key("client")))

    with scrapy(environment, "login", str(client), "--no-browser") as login:
        assert login.stdout
        address = next(line for line in login.stdout if line.startswith("http")).strip()
        page = httpx.get(address, follow_redirects=True)
        told, errors = login.communicate(timeout=60)
    key = tmp_path / "data" / "drive.json"
    with scrapy(environment, "check") as check:
        checked, trouble = check.communicate(timeout=60)

    assert "may be closed" in page.text
    assert login.returncode == 0, errors
    assert str(key) in told
    assert key.stat().st_mode & 0o777 == 0o600
    assert json.loads(key.read_text())["refresh_token"]
    assert (check.returncode, checked) == (0, "Drive takes files.\n"), trouble


def test_what_is_missing_is_said_in_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    with scrapy(environment, "check") as check:
        _, missing = check.communicate(timeout=60)
    with scrapy(environment, "login", str(tmp_path / "none.json")) as login:
        _, no_client = login.communicate(timeout=60)

    assert (check.returncode, login.returncode) == (2, 2)
    assert missing.startswith("scrapy drive: DRIVE_CREDENTIALS: ")
    assert "run scrapy drive login" in missing
    assert "is no OAuth client" in no_client
    assert missing.count("\n") == no_client.count("\n") == 1
