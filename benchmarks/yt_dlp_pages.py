"""yt-dlp's TikTok extractor on saved pages; run by `benchmarks.parse`, in an environment that has yt-dlp.

    python yt_dlp_pages.py ROUNDS PAGE…

Only the download is replaced: the extractor gets the saved page as if it had fetched it. Prints one JSON
object: its version, the pages it could read out of those tried, and milliseconds per page read.
"""

from __future__ import annotations

import json
import re
import sys
import types
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import yt_dlp  # type: ignore[import-untyped]  # ships no types
from yt_dlp.extractor.tiktok import TikTokIE  # type: ignore[import-untyped]  # as above

VIDEO_ID = re.compile(rb'"(?:itemStruct|itemInfos)":\{"id":"(\d+)"|/video/(\d{15,20})')


def main() -> None:
    rounds, *pages = sys.argv[1:]
    read: dict[str, float] = {}
    for page in map(Path, pages):
        milliseconds = _read(page.read_bytes(), int(rounds))
        if milliseconds is not None:
            read[f"{page.parent.name}/{page.name}"] = round(milliseconds, 3)
    version = yt_dlp.version.__version__
    print(json.dumps({"version": version, "read": len(read), "tried": len(pages), "full_ms": read}))


def _read(body: bytes, rounds: int) -> float | None:
    """Median milliseconds, `None` when the extractor gives up on the page."""
    found = VIDEO_ID.search(body)
    if found is None:
        return None
    video_id = (found[1] or found[2]).decode()
    url = f"https://www.tiktok.com/@_/video/{video_id}"
    extractor = _extractor(body, url)
    seconds = []
    for _ in range(rounds + 1):
        started = perf_counter()
        try:
            extractor._real_extract(url)  # noqa: SLF001  # the public way adds the download
        except Exception:  # noqa: BLE001  # whatever it raises, it did not read the page
            return None
        seconds.append(perf_counter() - started)
    return median(seconds[1:]) * 1000


def _extractor(body: bytes, url: str) -> TikTokIE:
    extractor = TikTokIE(yt_dlp.YoutubeDL({"quiet": True, "no_warnings": True}))
    handle = types.SimpleNamespace(url=url, extensions={})

    def saved(*_arguments: Any, **_options: Any) -> tuple[str, types.SimpleNamespace]:
        return body.decode("utf-8", "replace"), handle

    extractor._download_webpage_handle = saved  # noqa: SLF001  # the one method that does I/O
    return extractor


if __name__ == "__main__":
    main()
