"""`python -m standin proxy`, or `python -m standin.proxy` for a quicker start: serve a proxy until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from standin.proxy.http import speak_http
from standin.proxy.server import Proxy, start
from standin.proxy.socks import speak_socks
from standin.proxy.trouble import KINDS, BadTroubleError, Trouble, read_trouble


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    options = build_parser().parse_args(arguments)
    proxy = Proxy(options.exit_name, options.user, options.password, options.fault)
    asyncio.run(_serve(proxy, options))
    return 0


def build_parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(prog="python -m standin proxy", description="A proxy for tests.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port, 0 for a free one (default)")
    parser.add_argument("--user", default="", help="user name it wants; none unless given")
    parser.add_argument("--password", default="", help="password it wants with it")
    parser.add_argument("--socks", action="store_true", help="speak SOCKS5 instead of HTTP")
    parser.add_argument(
        "--fault",
        type=_trouble,
        default=Trouble(),
        metavar="KIND[:OPTION=N,…]",
        help=f"one of {', '.join(KINDS)}",
    )
    parser.add_argument("--exit-name", default="exit", metavar="NAME", help="what the site calls it (exit)")
    return parser


def _trouble(text: str) -> Trouble:
    try:
        return read_trouble(text)
    except BadTroubleError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


async def _serve(proxy: Proxy, options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    speak, scheme = (speak_socks, "socks5") if options.socks else (speak_http, "http")
    server = await start(proxy, speak, options.host, options.port)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(
        f"standin proxy listening on {scheme}://{options.host}:{port}, sends from {proxy.address}\n"
    )
    sys.stdout.flush()
    await stop.wait()
    server.close()


if __name__ == "__main__":
    sys.exit(main())
