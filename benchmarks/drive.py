"""Upload of a large file to Drive: how much memory, how fast, and what a fault costs.

    python -m benchmarks.drive [--megabytes 100] [--faults 6]

Uploads to the pretend Drive from a process of its own, once undisturbed and once with faults (lost answers, resets,
503s after the deed). Prints one JSON line: the memory above the idle process, the chunks sent again per fault, and the
speed beside a bare loop over http.client that sends the same chunks and knows of no trouble.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5, sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from store.engine import open_engine
from store.media.drive.catalogue import Catalogue
from store.media.drive.client import DriveClient
from store.media.drive.credentials import SCOPES
from store.media.drive.store import DriveStore
from store.media.stores import Piece
from store.schema import migrate
from store.secrets import Keyring
from tiktok.media.wishes import Role

ROOT = Path(__file__).resolve().parents[1]
CHUNK = 8 << 20
MIB = 1 << 20
TROUBLES = ("done_then_refuse", "rst", "done_then_rst", "refuse", "done_then_fin", "read_then_rst")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--faults", type=int, default=6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _drive() as url:
        file = Path(folder) / "film.mp4"
        file.write_bytes(os.urandom(options.megabytes * 1_000_000))
        bare = _bare(url, file)
        clean = _uploaded(url, file, "clean")
        _control(url, "DELETE", "all")
        for number in range(options.faults):
            rule = {"trouble": TROUBLES[number % len(TROUBLES)], "method": "PUT", "options": {"bytes": MIB},
                    "content_range": f"bytes {(number + 1) * CHUNK}-*"}  # fmt: skip
            _control(url, "POST", "faults", rule)
        troubled = _uploaded(url, file, "troubled")
        log = _control(url, "GET", "log")
    sent = sum(one.get("received") or 0 for one in log if one["method"] == "PUT")
    fired = sum(1 for one in log if one["fault"])
    print(
        json.dumps(
            {
                "benchmark": "drive",
                "megabytes": options.megabytes,
                "above_idle_mib": round(clean["above_idle_mib"]),
                "above_idle_troubled_mib": round(troubled["above_idle_mib"]),
                "faults": fired,
                "chunks_sent_again_per_fault": round((sent - file_bytes(options)) / CHUNK / max(fired, 1), 2),
                "ratio_to_bare_loop": round(bare / clean["seconds"], 2),
            }
        )
    )


def file_bytes(options: argparse.Namespace) -> int:
    """Return the size of the file."""
    megabytes: int = options.megabytes
    return megabytes * 1_000_000


def upload(url: str, file: Path, name: str) -> None:
    """Upload in this process, and print what it took."""
    from google.oauth2.credentials import Credentials  # noqa: PLC0415  # only the worker needs it

    key = _control(url, "GET", "keys/user")
    credentials = Credentials(None, key["refresh_token"], token_uri=key["token_uri"], client_id=key["client_id"],
                              client_secret=key["client_secret"], scopes=SCOPES)  # type: ignore[no-untyped-call]  # fmt: skip
    database = open_engine(f"sqlite:///{file.parent / name}.db")
    migrate(database)
    client = DriveClient(credentials, base_url=url, sleep=lambda _: None)
    catalogue = Catalogue(database, Keyring(file=file.parent / "secret.key"))
    store = DriveStore(client, catalogue, "root", chunk_bytes=CHUNK)
    store.open()
    piece = _piece(file, name)
    idle = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far
    start = time.perf_counter()
    store.put(piece)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "above_idle_mib": (_memory("VmHWM") - idle) / MIB}))


def _piece(file: Path, name: str) -> Piece:
    sums = md5(usedforsecurity=False), sha256()
    with file.open("rb") as opened:
        while block := opened.read(MIB):
            for one in sums:
                one.update(block)
    return Piece(
        source=file, path=f"{name}/film.mp4", video_id="1", role=Role.VIDEO, variant="",
        bytes=file.stat().st_size, sha256=sums[1].hexdigest(), md5=sums[0].hexdigest(), mime_type="video/mp4",
    )  # fmt: skip


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) * 1024


def _uploaded(url: str, file: Path, name: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.drive", "worker", url, str(file), name]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(told.stdout)
    return measured


def _bare(url: str, file: Path) -> float:
    """Send the chunks one after the other and hope; return the seconds it took."""
    key = _control(url, "GET", "keys/user")
    form = f"grant_type=refresh_token&refresh_token={key['refresh_token']}".encode()
    with urlopen(Request(key["token_uri"], data=form)) as reply:  # noqa: S310  # our own server
        token = json.load(reply)["access_token"]
    place, total = urlsplit(url), file.stat().st_size
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    start = time.perf_counter()
    connection.request(
        "POST", "/upload/drive/v3/files?uploadType=resumable", b"{}", {"Authorization": f"Bearer {token}"}
    )
    began = connection.getresponse()
    began.read()
    address = urlsplit(began.headers["Location"])
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            first = opened.tell() - len(chunk)
            given = {"Content-Range": f"bytes {first}-{opened.tell() - 1}/{total}"}
            connection.request("PUT", f"{address.path}?{address.query}", chunk, given)
            connection.getresponse().read()
    return time.perf_counter() - start


@contextmanager
def _drive() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "standin.drive", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait()


def _control(url: str, method: str, part: str, body: Any = None) -> Any:
    request = Request(  # noqa: S310  # our own server
        f"{url}/__standin__/{part}", method=method, data=None if body is None else json.dumps(body).encode()
    )
    with urlopen(request) as reply:  # noqa: S310  # as above
        return json.load(reply)


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        upload(sys.argv[2], Path(sys.argv[3]), sys.argv[4])
    else:
        main()
