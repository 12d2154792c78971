"""Page to items, against the least that any parser must do: find the data by byte search, decode it by orjson.

    python -m benchmarks.parse [--captures DIR] [--rounds 200] [--yt-dlp-python PATH]

Takes the captured pages of profiles and videos from 200 kB up. Both are run on every page in turns; a page's
ratio is the median over its rounds, the reported one the median over the pages. Where yt-dlp is at hand, here
or in the environment given, its extractor reads the same video pages. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import orjson

from tiktok.parsing import parse
from tiktok.parsing.documents import read_document

ROOT = Path(__file__).resolve().parents[1]
CAPTURES = Path(os.environ.get("CAPTURES_DIR") or ROOT.parent / "shared" / "captures")
FOLDERS = ("01_profile_html", "04_video_html")
SMALLEST_BYTES = 200_000
GOAL = 1.6
WARM_UP_ROUNDS = 5
MANY_ITEMS = 50
"""A page with a whole list in it is measured and shown, but says nothing about a page with one subject."""


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--captures", type=Path, default=CAPTURES, help=f"captures (default {CAPTURES})")
    arguments.add_argument("--rounds", type=int, default=200, help="rounds on every page (default 200)")
    arguments.add_argument(
        "--yt-dlp-python", default=sys.executable, metavar="PATH", help="Python of an environment with yt-dlp"
    )
    given = arguments.parse_args()
    paths = [path for folder in FOLDERS for path in sorted((given.captures / folder).glob("*.html"))]
    large = [path for path in paths if path.stat().st_size >= SMALLEST_BYTES]
    if not large:
        arguments.error(f"no captured pages in {given.captures}: name their directory with --captures")
    pages = {f"{path.parent.name}/{path.name}": _measure(path.read_bytes(), given.rounds) for path in large}
    videos = [path for path in paths if path.parent.name == "04_video_html"]
    print(json.dumps(_report(pages, _yt_dlp(given.yt_dlp_python, videos, given.rounds // 10))))


def _measure(body: bytes, rounds: int) -> dict[str, Any]:
    script = read_document(body).script
    tag = f'id="{script}"'.encode()
    bare: list[float] = []
    full: list[float] = []
    for _ in range(rounds + WARM_UP_ROUNDS):
        bare.append(_milliseconds(lambda: _bare(body, tag)))
        full.append(_milliseconds(lambda: _full(body)))
    pairs = list(zip(bare, full, strict=True))[WARM_UP_ROUNDS:]
    return {
        "kB": len(body) // 1000,
        "items": _full(body),
        "bare_ms": round(median(bare[WARM_UP_ROUNDS:]), 3),
        "full_ms": round(median(full[WARM_UP_ROUNDS:]), 3),
        "ratio": round(median(ours / theirs for theirs, ours in pairs), 3),
    }


def _milliseconds(run: Callable[[], object]) -> float:
    started = perf_counter()
    run()
    return (perf_counter() - started) * 1000


def _bare(body: bytes, tag: bytes) -> object:
    start = body.find(b">", body.find(tag)) + 1
    return orjson.loads(body[start : body.find(b"</script>", start)])


def _full(body: bytes) -> int:
    return len(parse(read_document(body)).items)


def _report(pages: dict[str, dict[str, Any]], yt_dlp: dict[str, Any]) -> dict[str, Any]:
    single = {name: page for name, page in pages.items() if page["items"] < MANY_ITEMS}
    for name, milliseconds in yt_dlp.get("full_ms", {}).items():
        if name in pages:
            pages[name]["yt_dlp_ratio"] = round(milliseconds / pages[name]["bare_ms"], 3)
    beside = [page["yt_dlp_ratio"] for page in pages.values() if "yt_dlp_ratio" in page]
    return {
        "benchmark": "parse",
        "unit": "times byte search and orjson.loads",
        "ratio": round(median(page["ratio"] for page in single.values()), 3),
        "worst": max(page["ratio"] for page in single.values()),
        "goal": GOAL,
        "yt_dlp": {
            "ratio": round(median(beside), 3) if beside else None,
            **{name: value for name, value in yt_dlp.items() if name != "full_ms"},
        },
        "pages": pages,
    }


def _yt_dlp(python: str, videos: list[Path], rounds: int) -> dict[str, Any]:
    """Let yt-dlp's own extractor read the pages, in a process of its own: it may live in another environment."""
    driver = Path(__file__).with_name("yt_dlp_pages.py")
    done = subprocess.run(  # the operator names the interpreter
        [python, str(driver), str(max(rounds, 1)), *map(str, videos)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"missing": done.stderr.strip().splitlines()[-1] if done.stderr else "no answer"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


if __name__ == "__main__":
    main()
