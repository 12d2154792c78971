"""Answers sent a piece at a time, so that a file of any length costs no memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter


class Streamed(web.StreamResponse):
    """An answer whose length is known and whose body is made while it is sent."""

    def __init__(self, status: int, headers: Mapping[str, str], pieces: Iterator[bytes], length: int) -> None:
        super().__init__(status=status, headers=headers)
        self.pieces = pieces
        self.length = length
        self.content_length = length
        self._wants_body = True

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send the head; a HEAD request is sent nothing else."""
        self._wants_body = request.method != "HEAD"
        return await super().prepare(request)

    async def write_eof(self, data: bytes = b"") -> None:
        """Send the body."""
        if self._wants_body:
            for piece in self.pieces:
                await self.write(piece)
        await super().write_eof(data)
