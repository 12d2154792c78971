"""rclone, a client of Google Drive that nobody here wrote, led to the pretend Drive by a proxy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fixtures.drive import RunningDrive


@dataclass(frozen=True, slots=True)
class Rclone:
    """One configuration of it."""

    program: str
    proxy: str
    folder: Path

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [self.program, "--config", str(self.folder / "rclone.conf"), "--no-check-certificate",
                   "--retries", "1", "--drive-pacer-min-sleep", "1ms", *arguments]  # fmt: skip
        environment = os.environ | {"HTTPS_PROXY": self.proxy, "HTTP_PROXY": self.proxy, "NO_PROXY": ""}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )


def make_rclone(drive: RunningDrive, proxy: str, folder: Path, **options: str) -> Rclone:
    """Configure it as `gd:`; skip where it isn't installed."""
    program = shutil.which("rclone")
    if program is None:
        reason = "rclone is not installed"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    key = drive.key("user")
    token = {"access_token": "stale", "token_type": "Bearer", "refresh_token": key["refresh_token"],
             "expiry": "2020-01-01T00:00:00Z"}  # fmt: skip
    lines = {"type": "drive", "client_id": key["client_id"], "client_secret": key["client_secret"],
             "scope": "drive", "token": json.dumps(token), **options}  # fmt: skip
    (folder / "rclone.conf").write_text(
        "[gd]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items())
    )
    return Rclone(program, proxy, folder)
