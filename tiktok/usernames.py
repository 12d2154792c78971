"""Lists of usernames as people write them: one name per line, or several with commas between.

A name is 2 to 24 letters, digits, "_" or "." and does not end in ".". With an @ in front, in capitals or as the
address of a profile it is the same name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tiktok.errors import InvalidTarget
from tiktok.targets import FIXES, SITE, Target, TargetKind
from tiktok.urls import read_target

LONGEST_SHOWN = 100
"""Characters kept of an entry: no address of a profile is longer, and a file may hold anything."""

RULES = 'is not a username: 2-24 letters, digits, "_" or ".", no "." at the end, with @ in front or without'

_NAME = re.compile(r"@?([A-Za-z0-9._]{1,23}[A-Za-z0-9_])")
_ENTRY = re.compile(r"[^,;]+")


@dataclass(frozen=True, slots=True)
class GivenName:
    """One entry of a list."""

    given: str
    """As it was written."""
    username: str | None
    """The name it means; `None` when it means none."""
    reason: str | None = None
    """Why it means none, and the fix."""


def entries_of(lines: Iterable[str]) -> Iterator[str]:
    """Split a list into its entries; lines that begin with # are comments."""
    for line in lines:
        if line.lstrip("\ufeff \t").startswith("#"):
            continue
        for entry in _ENTRY.finditer(line):
            if text := entry[0].strip("\ufeff \t\r\n"):
                yield text


def read_usernames(lines: Iterable[str], *, site: str = SITE) -> Iterator[GivenName]:
    """Read a list line by line."""
    return (read_username(text, site=site) for text in entries_of(lines))


def read_username(text: str, *, site: str = SITE) -> GivenName:
    """Read one entry.

    >>> read_username("@Khaby.Lame").username
    'khaby.lame'
    >>> read_username("khaby lame").reason
    'is not a username; give 2-24 letters, digits, "_" or "." that do not end in ".", or the URL of a profile'
    """
    if match := _NAME.fullmatch(text):
        return GivenName(text, match[1].lower())
    given, fix = text[:LONGEST_SHOWN], FIXES[TargetKind.USER]
    try:
        target = read_target(text, TargetKind.USER, site=site)
    except InvalidTarget as error:
        return GivenName(given, None, f"{error.reason}; {fix}")
    if target.username is None:
        return GivenName(given, None, f"names an account without its username; {fix}")
    return GivenName(given, target.username)


def read_plain_username(text: str) -> GivenName:
    """Read a name where nothing else may stand, no address of a profile either.

    >>> read_plain_username("@Khaby.Lame").username
    'khaby.lame'
    >>> read_plain_username("https://www.tiktok.com/@khaby.lame").username
    """
    if match := _NAME.fullmatch(text):
        return GivenName(text, match[1].lower())
    return GivenName(text[:LONGEST_SHOWN], None, RULES)


def username_target(username: str) -> Target:
    """The profile of a username that has been read; one of digits only is a name here, not an id."""
    return Target(TargetKind.USER, username, f"{SITE}/@{username}", username=username)
