"""Keeps msTokens out of what is said: they stand in addresses, which logs, reasons and errors quote."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(?<=msToken=)[^&\s'\"<>]+")
MASK = "…"


def without_tokens(text: str) -> str:
    """The same text, its msTokens masked."""
    return _TOKEN.sub(MASK, text) if "msToken=" in text else text


class TokenlessRecord(logging.LogRecord):
    """A record of any logger, for any handler."""

    def getMessage(self) -> str:  # noqa: N802  # logging's name
        return without_tokens(super().getMessage())
