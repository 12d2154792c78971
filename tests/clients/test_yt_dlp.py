"""The newest unmodified yt-dlp as judge of the stand-in: a client nobody here wrote.

It asks www.tiktok.com; a local mitmproxy maps that host to the stand-in. Both tools live in environments of
their own and are found by `YT_DLP` and `MITMDUMP`, else on the PATH.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from standin.world.landmarks import landmarks
from standin.world.population import World
from tests.fixtures.standin import RunningStandin

MARKS = landmarks(World(7, 1_000))
KHABY = MARKS["accounts"]["khaby.lame"]

YtDlp = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


def tool(variable: str, name: str) -> str:
    """Return where a tool is; skip without it, fail where services are required."""
    found = os.environ.get(variable) or shutil.which(name)
    if found and Path(found).exists():
        return found
    reason = f"{name} is not installed: put it on the PATH or name it in {variable}"
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def proxy(standin_process: RunningStandin, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a proxy that answers for www.tiktok.com with the stand-in."""
    mitmdump = tool("MITMDUMP", "mitmdump")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        mitmdump, "-q", "--listen-host", "127.0.0.1", "--listen-port", str(port),
        "--set", f"confdir={tmp_path_factory.mktemp('mitmproxy')}", "--set", "connection_strategy=lazy",
        "--map-remote", f"@https://www.tiktok.com@{standin_process.url}",
    ]  # fmt: skip
    with subprocess.Popen(command) as process:
        try:
            wait_until_open(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the proxy did not start")


@pytest.fixture
def yt_dlp(proxy: str, standin: RunningStandin, tmp_path: Path) -> YtDlp:  # noqa: ARG001  # puts the site to rest
    """Run yt-dlp against the stand-in, with no configuration or cache of this machine."""
    program = tool("YT_DLP", "yt-dlp")

    def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        command = [program, "--ignore-config", "--cache-dir", str(tmp_path), "--no-check-certificates",
                   "--proxy", proxy, *arguments]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    return run


def described(run: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert run.returncode == 0, run.stderr
    description: dict[str, Any] = json.loads(run.stdout)
    return description


def test_a_video_comes_with_its_formats(yt_dlp: YtDlp) -> None:
    address = f"https://www.tiktok.com/@khaby.lame/video/{KHABY['newest_post']}"

    video = described(yt_dlp(["-j", "--write-subs", address]))

    files = {(one["vcodec"], one.get("width")) for one in video["formats"] if one["vcodec"] != "none"}
    assert video["id"] == KHABY["newest_post"]
    assert video["uploader"] == "khaby.lame"
    assert video["channel_id"] == KHABY["sec_uid"]
    assert video["timestamp"] == int(KHABY["newest_post"]) >> 32
    assert video["view_count"] > 1_000_000
    assert "eng-US" in video["subtitles"]
    assert {("h264", 576), ("h265", 576), ("h265", 720), ("h265", 1080)} <= files
    assert any(one["format_id"] == "audio" for one in video["formats"])


def test_a_photo_post_gives_its_sound_only(yt_dlp: YtDlp) -> None:
    post = described(yt_dlp(["-j", f"https://www.tiktok.com/@khaby.lame/video/{KHABY['newest_photo_post']}"]))

    assert [one["format_id"] for one in post["formats"]] == ["audio"]
    assert post["formats"][0]["vcodec"] == "none"


def test_a_profile_of_200_posts_is_walked_to_its_end(yt_dlp: YtDlp, standin: RunningStandin) -> None:
    walked = yt_dlp(["--flat-playlist", "--print", "id", "https://www.tiktok.com/@two.hundred"])

    assert walked.returncode == 0, walked.stderr
    assert len(walked.stdout.split()) == len(set(walked.stdout.split())) == 200
    assert standin.log()["counts"] == {"/@two.hundred": 1, "/api/creator/item_list/": 14}


def test_empty_weeks_do_not_end_a_walk(yt_dlp: YtDlp) -> None:
    walked = yt_dlp(["--flat-playlist", "--print", "id", "https://www.tiktok.com/@slow.poster"])

    assert len(set(walked.stdout.split())) == 18, walked.stderr


def test_a_collection_is_walked_to_its_end(yt_dlp: YtDlp) -> None:
    address = f"https://www.tiktok.com/@khaby.lame/collection/saved-for-later-{MARKS['collection']['id']}"

    walked = yt_dlp(["--flat-playlist", "--print", "id", address])

    assert len(set(walked.stdout.split())) == 45, walked.stderr


def test_the_waf_puzzle_can_be_solved(yt_dlp: YtDlp, standin: RunningStandin) -> None:
    standin.add_fault("waf", "/@*/video/*")

    video = yt_dlp(["-j", f"https://www.tiktok.com/@khaby.lame/video/{KHABY['newest_post']}"])

    assert described(video)["id"] == KHABY["newest_post"]
    first, second = standin.log()["requests"]
    assert "_wafchallengeid" not in first["cookies"]
    assert "_wafchallengeid" in second["cookies"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("@private.garden", "account is private"),
        ("@empty.room", "does not have any videos posted"),
        (f"@khaby.lame/photo/{KHABY['newest_photo_post']}", "Unsupported URL"),
        ("@nobody.of.that.name", "Unable to extract secondary user ID"),
        (f"@x/video/{MARKS['marked_posts']['age_gated']}", "may not be comfortable for some audiences"),
        (f"@x/video/{MARKS['marked_posts']['deleted']}", "IP address is blocked"),
        (f"@x/video/{MARKS['marked_posts']['private']}", "permission to view this post"),
    ],
)
def test_what_can_not_be_had_is_refused_in_the_known_words(yt_dlp: YtDlp, address: str, words: str) -> None:
    refused = yt_dlp(["-j", f"https://www.tiktok.com/{address}"])

    assert refused.returncode == 1
    assert words in refused.stderr
