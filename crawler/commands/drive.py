"""`scrapy drive`: consent to Google Drive, and whether the archive can be written there."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from store.config import load_config
from store.engine import open_engine
from store.errors import StoreError
from store.media.opening import open_store
from store.schema import migrate

BAD_INPUT = 2
MEGABYTE = 1_000_000


class Command(ScrapyCommand):
    """Log in, check."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  # declared so by Scrapy

    def syntax(self) -> str:
        return "login CLIENT_FILE | check"

    def short_desc(self) -> str:
        return "Let the archive write to your Google Drive, and see whether it can"

    def long_desc(self) -> str:
        return (
            "login CLIENT_FILE: ask for consent in a browser, with the JSON of an OAuth client (type Desktop app) from "
            "the Google Cloud console; the key goes to DRIVE_CREDENTIALS, or drive.json in DATA_DIR. "
            "check: open the folder of MEDIA_STORE as a crawl would, and say what Google would refuse."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        group = parser.add_argument_group("login")
        group.add_argument(
            "--no-browser", action="store_true", help="print the address instead of opening it"
        )
        group.add_argument(
            "--port",
            type=int,
            default=0,
            help="port on which Google's answer is awaited (default: a free one)",
        )

    def run(self, args: list[str], opts: Namespace) -> None:
        try:
            match args:
                case ["login", file]:
                    _login(Path(file), opts)
                case ["check"]:
                    _check()
                case _:
                    raise UsageError("say login and name a file, or say check")
        except StoreError as error:
            _refuse(str(error))


def _login(client_file: Path, opts: Namespace) -> None:
    # Scrapy imports all commands whenever it starts a crawl: what only this one needs waits until it runs.
    from store.media.drive.credentials import credentials_file  # noqa: PLC0415
    from store.media.drive.login import log_in  # noqa: PLC0415

    config = load_config()
    config.make_data_dir()
    key_file = credentials_file(config)
    log_in(client_file, key_file, port=opts.port, open_browser=not opts.no_browser)
    _say(f"The key is in {key_file}. Now set MEDIA_STORE=drive://FOLDER_ID and run scrapy drive check")


def _check() -> None:
    config = load_config()
    if not config.media_store.startswith("drive://"):
        _refuse("MEDIA_STORE names no Drive; set it to drive://FOLDER_ID")
    engine = open_engine(config.database_url)
    migrate(engine)
    store = open_store(config, engine)
    assert store
    free = store.free_bytes()
    store.close()
    _say("Drive takes files." + (f" Free: {free / MEGABYTE:,.0f} MB" if free is not None else ""))


def _say(line: str) -> None:
    print(line)  # noqa: T201  # a command's own voice


def _refuse(line: str) -> NoReturn:
    print(f"scrapy drive: {line}", file=sys.stderr)  # noqa: T201  # as above
    sys.exit(BAD_INPUT)
