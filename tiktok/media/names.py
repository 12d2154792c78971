"""Names for files and folders that every file system takes, and that no text from outside can lead astray.

A name that had to be changed ends in `~` and six digits of its original's hash: two originals never meet in one
name. What the original was stands in the sidecar.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST_BYTES = 180
"""Of one part of a path, in UTF-8. Most systems hold 255, a post's files add their endings to a shared stem, and
encrypted disks hold fewer."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]')
"""Windows' list, which includes everybody else's."""
_UNSEEN = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ue000-\uf8ff]"
    "|[\ud800-\udfff]|[\U000e0000-\U000e0fff]"
)
"""Marks that turn the reading direction around or can't be seen; joiners stay, emoji are made with them."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_MARK = re.compile(r"~[0-9a-f]{6}$")


def safe_name(text: str, longest: int = LONGEST_BYTES) -> str:
    """Make one part of a path; the same text always gives the same name, another text another name."""
    name = unicodedata.normalize("NFC", text)
    name = _FORBIDDEN.sub("_", _UNSEEN.sub("", name)).strip().rstrip(". ")
    if name.startswith("."):
        name = f"_{name[1:]}"
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    if name == text and len(name.encode()) <= longest and not _MARK.search(name) and name:
        return name
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{_cut(name, longest - 7) or '_'}~{digest}"


def _cut(name: str, longest: int) -> str:
    """Shorten to so many bytes, never in the middle of a character or of what is drawn as one."""
    if len(name.encode()) <= longest:
        return name
    cut = name.encode()[:longest].decode("utf-8", "ignore")
    following = name[len(cut)]
    while cut and (_joins(following) or cut[-1] == "\u200d"):
        cut, following = cut[:-1], cut[-1]
    return cut.rstrip(". ")


def _joins(character: str) -> bool:
    """Say whether it is drawn together with the one before: an accent, a skin tone, a joiner."""
    is_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return character == "\u200d" or is_tone or unicodedata.category(character) in ("Mn", "Me")
