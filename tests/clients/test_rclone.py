"""rclone finds nothing wrong with the pretend Drive: it copies, compares, lists, finds twins and gives links."""

from __future__ import annotations

from pathlib import Path
from random import Random

import httpx

from tests.clients.rclone import make_rclone
from tests.fixtures.drive import RunningDrive

NAMES = ("empty.bin", "one.bin", "O'Brien \\ co.bin", "deep/er/film.mp4")
SIZES = (0, 1, 262_144, 9_000_001)


def tree(folder: Path) -> Path:
    """Make some files, small and large, of names that need care."""
    for name, size in zip(NAMES, SIZES, strict=True):
        path = folder / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(Random(size).randbytes(size))  # noqa: S311  # contents, not secrets
    return folder / "tree"


def test_rclone_copies_compares_and_links(drive: RunningDrive, google_proxy: str, tmp_path: Path) -> None:
    local = tree(tmp_path)
    rclone = make_rclone(drive, google_proxy, tmp_path)

    copied = rclone("copy", str(local), "gd:box", "--drive-chunk-size", "1M", "--drive-upload-cutoff", "512k")
    checked = rclone("check", str(local), "gd:box")
    listed = rclone("lsf", "-R", "--files-only", "gd:box")
    twins = rclone("dedupe", "list", "gd:box")
    link = rclone("link", "gd:box/one.bin")

    assert copied.returncode == 0, copied.stderr
    assert checked.returncode == 0, checked.stderr
    assert "0 differences found" in checked.stderr
    assert sorted(listed.stdout.splitlines()) == sorted(NAMES)
    assert twins.stdout == ""
    assert link.stdout.startswith("https://drive.google.com/")
    assert drive.log("PUT") or drive.log("POST", "/upload/")


def test_rclone_sees_twins_and_differences(drive: RunningDrive, google_proxy: str, tmp_path: Path) -> None:
    local = tree(tmp_path)
    rclone = make_rclone(drive, google_proxy, tmp_path)
    assert rclone("copy", str(local), "gd:box").returncode == 0
    box = next(entry["id"] for entry in drive.entries() if entry["name"] == "box")
    key = drive.key("user")
    form = {"grant_type": "refresh_token", "refresh_token": key["refresh_token"]}
    access = httpx.post(key["token_uri"], data=form).json()["access_token"]
    (local / "one.bin").write_bytes(b"?")

    checked = rclone("check", str(local), "gd:box")
    httpx.post(f"{drive.url}/drive/v3/files", json={"name": "empty.bin", "parents": [box]},
               headers={"Authorization": f"Bearer {access}"})  # fmt: skip
    twins = rclone("dedupe", "list", "gd:box")

    assert "1 differences found" in checked.stderr
    assert "empty.bin: 2 duplicates" in twins.stdout


def test_rclone_uses_a_shared_drive(drive: RunningDrive, google_proxy: str, tmp_path: Path) -> None:
    local = tree(tmp_path)
    rclone = make_rclone(drive, google_proxy, tmp_path, team_drive=drive.add_shared_drive())

    copied = rclone("copy", str(local), "gd:")

    assert copied.returncode == 0, copied.stderr
    assert "0 differences found" in rclone("check", str(local), "gd:").stderr
    assert all(entry["driveId"] for entry in drive.entries())
