"""What a file is, told by its first bytes: an error page is never taken for a video, a name proves nothing."""

from __future__ import annotations

from enum import Enum

from tiktok.media.wishes import Role

HEAD_BYTES = 64
"""So much of a file's beginning is enough to tell."""


class FileKind(Enum):
    """A format: extension, MIME type."""

    MP4 = ("mp4", "video/mp4")
    M4A = ("m4a", "audio/mp4")
    MP3 = ("mp3", "audio/mpeg")
    AAC = ("aac", "audio/aac")
    JPEG = ("jpg", "image/jpeg")
    PNG = ("png", "image/png")
    WEBP = ("webp", "image/webp")
    GIF = ("gif", "image/gif")
    HEIC = ("heic", "image/heic")
    AVIF = ("avif", "image/avif")
    VTT = ("vtt", "text/vtt")
    SRT = ("srt", "application/x-subrip")
    JSON = ("json", "application/json")

    @property
    def extension(self) -> str:
        return self.value[0]

    @property
    def mime_type(self) -> str:
        return self.value[1]


_IMAGES = frozenset((FileKind.JPEG, FileKind.PNG, FileKind.WEBP, FileKind.GIF, FileKind.HEIC, FileKind.AVIF))
ALLOWED = {
    Role.VIDEO: frozenset((FileKind.MP4,)),
    Role.IMAGE: _IMAGES,
    Role.COVER: _IMAGES,
    Role.AVATAR: _IMAGES,
    # Some sounds come as a video container that says it is a video.
    Role.SOUND: frozenset((FileKind.M4A, FileKind.MP3, FileKind.AAC, FileKind.MP4)),
    Role.SUBTITLE: frozenset((FileKind.VTT, FileKind.JSON)),
}
"""What may come when this is asked for."""

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_BEGINNINGS = (
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"GIF8", FileKind.GIF),
    (b"ID3", FileKind.MP3),
    (b"WEBVTT", FileKind.VTT),
    (b"\xef\xbb\xbfWEBVTT", FileKind.VTT),
)


def recognise(head: bytes) -> FileKind | None:
    """Tell the format from the first bytes; `None` for what is none of ours, as HTML."""
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind.WEBP
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:  # a frame without a tag before it
        return FileKind.AAC if head[1] & 0x06 == 0 else FileKind.MP3
    return FileKind.JSON if head.lstrip()[:1] in (b"{", b"[") else None


def fits(kind: FileKind | None, role: Role) -> bool:
    """Say whether a file of this format can be what was asked for."""
    return kind in ALLOWED[role]


def _by_brand(brand: bytes) -> FileKind:
    if brand in _HEIC_BRANDS:
        return FileKind.HEIC
    if brand in (b"avif", b"avis"):
        return FileKind.AVIF
    return FileKind.M4A if brand in (b"M4A ", b"M4B ") else FileKind.MP4
