"""An origin of media for benchmarks: MP4 files of any size out of memory, each another one, as fast as sockets go.

python -m benchmarks.media_origin BYTES        prints its address
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = bytes(range(256)) * 4096
SECONDS = 10


def _box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + name + content


def _beginning(number: int, size: int) -> bytes:
    """Everything of a film up to its pictures, which begin with the film's number."""
    times = bytes(12) + (1000).to_bytes(4) + (SECONDS * 1000).to_bytes(4) + bytes(80)
    head = _box(b"ftyp", b"isom\0\0\2\0isomiso2") + _box(b"moov", _box(b"mvhd", times))
    return head + (size - len(head)).to_bytes(4) + b"mdat" + number.to_bytes(16)


async def serve(size: int) -> None:
    """Answer `/{number}` until killed."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                beginning = _beginning(int(request.split()[1].rpartition(b"/")[2]), size)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n")
                writer.write(b"Content-Length: %d\r\n\r\n" % size + beginning)
                left = size - len(beginning)
                while left > 0:
                    writer.write(BLOCK[:left])
                    left -= len(BLOCK[:left])
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


@contextmanager
def run_origin(size: int) -> Iterator[str]:
    """Run one with files of this size, and give its address."""
    command = [sys.executable, "-m", "benchmarks.media_origin", str(size)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
