"""`python -m standin.drive`: serve the pretend Google Drive."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from standin.drive import about, control, files, oauth, uploads
from standin.drive.doorway import doorway
from standin.drive.state import DRIVE, Drive

_LARGEST_BODY = 0
"""No limit."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m standin.drive", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port, 0 for a free one (default)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="standin-drive-") as folder:
        asyncio.run(_serve(Drive(Path(folder)), options.host, options.port))
    return 0


def build_application(drive: Drive) -> web.Application:
    """Assemble the pretend Drive."""
    app = web.Application(middlewares=[doorway], client_max_size=_LARGEST_BODY)
    app[DRIVE] = drive
    for routes in (control.routes, oauth.routes, files.routes, uploads.routes, about.routes):
        app.add_routes(routes)
    return app


async def _serve(drive: Drive, host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(build_application(drive), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        sys.stdout.write(f"standin drive listening on http://{host}:{runner.addresses[0][1]}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
