"""`python -m tiktok`: one JSON line per file, whatever the files are."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from tiktok.__main__ import main

CAPTURES = Path(__file__).parent / "captures"
FOLLOWERS = CAPTURES / "09_user_list" / "followers.json"
POSTS = CAPTURES / "03_post_item_list" / "current.json"


def lines(output: str) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in output.splitlines()]


def test_a_list_is_told_with_its_rows_and_its_page(capfd: pytest.CaptureFixture[str]) -> None:
    status = main([str(FOLLOWERS)])

    (line,) = lines(capfd.readouterr().out)
    (user,) = line["items"]
    assert status == 0
    assert line["file"] == str(FOLLOWERS)
    assert (line["verdict"], line["shape"]) == ("ok", "user_list")
    assert line["rule"]
    assert line["page"] == {
        "keys": ["6800000000000000003"],
        "cursor": "1769000000",
        "has_more": True,
        "declared": 5000,
        "lists": 1,
    }
    assert (user["type"], user["username"], user["followers"]) == ("user", "ivy.reads", 54721)


def test_times_are_utc_and_what_is_unknown_is_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    main([str(POSTS)])

    (line,) = lines(capfd.readouterr().out)
    video = next(item for item in line["items"] if item.get("is_pinned"))
    assert video["created_at"] == "2025-06-07T03:12:22Z"
    assert video["exact_counters"] == ["comments_count", "saves"]
    assert "reposts" not in video
    assert video["renditions"][0]["urls"] == ["https://v16.example/v.mp4"]


def test_a_file_without_data_gets_its_verdict(capfd: pytest.CaptureFixture[str]) -> None:
    status = main([str(CAPTURES / "11_blocked_errors" / "captcha.json")])

    (line,) = lines(capfd.readouterr().out)
    assert status == 0
    assert line["verdict"] == "captcha"
    assert line["shape"] is None
    assert line["items"] == []
    assert "page" not in line


def test_required_fields_that_are_missing_are_named(capfd: pytest.CaptureFixture[str]) -> None:
    main([str(CAPTURES / "03_post_item_list" / "broken-rows.json")])

    (line,) = lines(capfd.readouterr().out)
    assert line["defects"] == ["itemList[0].id", "itemList[1].id"]


def test_missing_files_are_named_and_the_others_still_read(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    missing = tmp_path / "nowhere.json"

    status = main([str(missing), str(FOLLOWERS), str(tmp_path)])

    printed = capfd.readouterr()
    assert status == 2
    assert [line["file"] for line in lines(printed.out)] == [str(FOLLOWERS)]
    assert printed.err.splitlines() == [
        f"tiktok: cannot read {missing}: No such file or directory",
        f"tiktok: cannot read {tmp_path}: Is a directory",
    ]


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"<html></html>", b"[", b'{"a": "\\ud800"}'])
def test_any_bytes_make_a_line(capfd: pytest.CaptureFixture[str], tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "saved"
    path.write_bytes(body)

    status = main([str(path)])

    (line,) = lines(capfd.readouterr().out)
    assert status == 0
    assert line["verdict"] != "ok"
    assert line["items"] == []


def test_a_dash_reads_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tiktok", "-"], input=FOLLOWERS.read_bytes(), capture_output=True, check=False
    )

    (line,) = lines(done.stdout.decode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert (line["file"], line["verdict"]) == ("-", "ok")


def test_a_reader_that_stops_early_is_no_error() -> None:
    posts = str(POSTS)
    command = f"{shlex.join([sys.executable, '-m', 'tiktok', posts, posts, posts])} | head -c 10"

    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b'{"file":"/'


@pytest.mark.parametrize(("arguments", "status"), [(["--help"], 0), ([], 2)])
def test_usage_is_explained(capfd: pytest.CaptureFixture[str], arguments: list[str], status: int) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)

    printed = capfd.readouterr()
    assert stopped.value.code == status
    assert "python -m tiktok" in printed.out + printed.err
