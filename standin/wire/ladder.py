"""The quality ladder: in which renditions a video is offered, and how large their files are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Rung:
    """One rendition."""

    gear: str
    codec: str
    width: int
    height: int
    bitrate: int
    quality: int
    resolution: str
    is_silent: bool = False

    @property
    def name(self) -> str:
        """What the file is called at the CDN."""
        return f"{self.gear}-{self.bitrate}" + "/media-video-hvc1" * self.is_silent


LADDER = (
    Rung("normal_540_0", "h264", 576, 1024, 1_297_895, 20, "540p"),
    Rung("adapt_lowest_1080_1", "h265_hvc1", 1080, 1920, 1_151_203, 2, "1080p"),
    Rung("adapt_lower_720_1", "h265_hvc1", 720, 1280, 752_310, 14, "720p"),
    Rung("lower_540_0", "h264", 576, 1024, 741_007, 24, "540p"),
    Rung("adapt_540_1", "h265_hvc1", 576, 1024, 620_554, 28, "540p"),
)
LIST_RUNGS = (LADDER[0], LADDER[4])
SILENT = Rung("adapt_1080_1", "h265_hvc1", 1080, 1920, 2_204_118, 1, "1080p", is_silent=True)
"""Looks like the best, and has no sound; on the pages of some posts."""
WATERMARKED = "download-addr"
"""The file behind `downloadAddr`."""
RUNGS: Mapping[str, Rung] = {rung.name: rung for rung in (*LADDER, SILENT)} | {WATERMARKED: LADDER[0]}
"""Every file a video has, by its name."""

_SCALE = 50
"""Files are so much smaller than their bitrate says, unless a size is set: nobody watches them."""


def file_bytes(rung: Rung, seconds: int, wanted: int) -> int:
    """Return how large a file is; `wanted` is the size set for all of them, 0 where none is."""
    return wanted or seconds * rung.bitrate // 8 // _SCALE


@lru_cache(maxsize=1024)
def declared_sizes(seconds: int, wanted: int) -> dict[str, bytes]:
    """Return the sizes of all files of a video, under the names of their gaps."""
    return {f"size_{rung.gear}": b"%d" % file_bytes(rung, seconds, wanted) for rung in RUNGS.values()}
