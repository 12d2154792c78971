"""MP4 files: a table of contents, filler, then pictures and sound (ISO/IEC 14496-12).

The pictures come last, so that a file cut short does not play to its end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import pack

from standin.media import h264, h265
from standin.media.bits import fixed, packed
from standin.media.files import File

SOUND_RATE = 44_100
SAMPLES_PER_FRAME = 1_024
FRAMES_PER_SECOND = 30
SILENCE = packed("000" + "0000" + fixed(8, 100) + "0" * 11 + "000" + "111")
"""A frame of AAC (LC, one channel) without a spectrum."""
_SOUND_CONFIGURATION = b"\x12\x08"
_MATRIX = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_LANGUAGE_UNKNOWN = 0x55C4


@dataclass(frozen=True, slots=True)
class Track:
    """Samples of one kind, one after the other."""

    kind: bytes
    """`vide` or `soun`."""
    entry: bytes
    """How to read the samples."""
    rate: int
    """Ticks per second."""
    ticks: int
    """Ticks per sample."""
    samples: list[bytes] = field(repr=False)
    all_stand_alone: bool = True
    """Whether every sample can be read without the ones before."""
    width: int = 0
    height: int = 0

    @property
    def seconds(self) -> float:
        return len(self.samples) * self.ticks / self.rate


def sound_track(seconds: float) -> Track:
    """Return silence."""
    frames = round(seconds * SOUND_RATE / SAMPLES_PER_FRAME)
    return Track(b"soun", _sound_entry(), SOUND_RATE, SAMPLES_PER_FRAME, [SILENCE] * frames)


def h264_track(width: int, height: int, seconds: int, code: int) -> Track:
    """Return a bar code, thirty times a second."""
    stream = h264.encode(width, height, code)
    count = seconds * FRAMES_PER_SECOND
    rest = [_measured(picture) for picture in stream.rest]
    samples = [_measured(stream.first), *(rest * (count // len(rest) + 1))[: count - 1]]
    entry = _picture_entry(b"avc1", width, height, _box(b"avcC", h264.configuration(stream)))
    return Track(
        b"vide", entry, FRAMES_PER_SECOND, 1, samples, all_stand_alone=False, width=width, height=height
    )


def h265_track(width: int, height: int, seconds: int) -> Track:
    """Return a grey picture, once a second."""
    still = h265.still(width, height)
    entry = _picture_entry(b"hvc1", width, height, _box(b"hvcC", still.configuration))
    return Track(b"vide", entry, 1, 1, [still.picture] * seconds, width=width, height=height)


def movie(tracks: list[Track], label: bytes, size: int, *, brand: bytes = b"isom", content_type: str) -> File:
    """Return a file of `size` bytes, or of as few as its tracks need; the label makes it like no other."""
    start = _box(b"ftyp", brand, pack(">I", 512), b"isomiso2mp41")
    body = b"".join(sample for track in tracks for sample in track.samples)
    needed = len(start) + len(_contents(tracks, 0)) + 8 + len(label) + 8 + len(body)
    filler = max(0, size - needed)
    contents = _contents(tracks, needed + filler - len(body))
    gap = pack(">I4s", 8 + len(label) + filler, b"free") + label
    tail = pack(">I4s", 8 + len(body), b"mdat") + body
    turn = int.from_bytes(label[:3], "big") if label else 0
    return File(content_type, start + contents + gap, filler, tail, turn)


def _measured(nal: bytes) -> bytes:
    return pack(">I", len(nal)) + nal


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return pack(">I4s", 8 + len(body), kind) + body


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, pack(">I", flags), *parts)


def _contents(tracks: list[Track], offset: int) -> bytes:
    """Return the `moov` box; the samples lie at `offset`, track after track."""
    milliseconds = max(round(track.seconds * 1000) for track in tracks)
    head = pack(">4I I H 10x", 0, 0, 1000, milliseconds, 0x10000, 0x100) + _MATRIX
    boxes = [_full(b"mvhd", head, bytes(24), pack(">I", len(tracks) + 1))]
    for number, track in enumerate(tracks, start=1):
        boxes.append(_track(number, track, offset))
        offset += sum(map(len, track.samples))
    return _box(b"moov", *boxes)


def _track(number: int, track: Track, offset: int) -> bytes:
    volume = 0x100 if track.kind == b"soun" else 0
    head = pack(">5I 8x 3H 2x", 0, 0, number, 0, round(track.seconds * 1000), 0, 0, volume) + _MATRIX
    media = pack(">4I 2H", 0, 0, track.rate, len(track.samples) * track.ticks, _LANGUAGE_UNKNOWN, 0)
    about = _full(b"smhd", bytes(4)) if volume else _full(b"vmhd", bytes(8), flags=1)
    here = _box(b"dinf", _full(b"dref", pack(">I", 1), _full(b"url ", flags=1)))
    return _box(
        b"trak",
        _full(b"tkhd", head, pack(">2I", track.width << 16, track.height << 16), flags=3),
        _box(
            b"mdia",
            _full(b"mdhd", media),
            _full(b"hdlr", bytes(4), track.kind, bytes(13)),
            _box(b"minf", about, here, _samples(track, offset)),
        ),
    )


def _samples(track: Track, offset: int) -> bytes:
    """Return the `stbl` box: how long each sample takes, how large it is, where they all are."""
    count = len(track.samples)
    lengths = [len(sample) for sample in track.samples]
    same = lengths[0] if len(set(lengths)) == 1 else 0
    boxes = [
        _full(b"stsd", pack(">I", 1), track.entry),
        _full(b"stts", pack(">3I", 1, count, track.ticks)),
        _full(b"stsc", pack(">4I", 1, 1, count, 1)),
        _full(b"stsz", pack(">2I", same, count), b"" if same else pack(f">{count}I", *lengths)),
        _full(b"stco", pack(">2I", 1, offset)),
    ]
    if not track.all_stand_alone:
        boxes.append(_full(b"stss", pack(">2I", 1, 1)))
    return _box(b"stbl", *boxes)


def _picture_entry(codec: bytes, width: int, height: int, configuration: bytes) -> bytes:
    resolution = pack(">2I", 0x480000, 0x480000)
    size = bytes(16) + pack(">2H", width, height) + resolution + bytes(4)
    return _box(
        codec, bytes(6), b"\x00\x01", size, pack(">H", 1), bytes(32), pack(">Hh", 24, -1), configuration
    )


def _sound_entry() -> bytes:
    decoder = b"\x05" + bytes([len(_SOUND_CONFIGURATION)]) + _SOUND_CONFIGURATION
    settings = (
        b"\x04" + bytes([13 + len(decoder)]) + b"\x40\x15" + bytes(3) + pack(">2I", 8_000, 2_000) + decoder
    )
    stream = b"\x00\x01\x00" + settings + b"\x06\x01\x02"
    description = _full(b"esds", b"\x03", bytes([len(stream)]), stream)
    format_ = pack(">2H 4x I", 1, 16, SOUND_RATE << 16)
    return _box(b"mp4a", bytes(6), b"\x00\x01", bytes(8), format_, description)
