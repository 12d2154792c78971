"""How the API's processes add up what they count: each writes a file, and whoever is asked reads all of them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from store.config import Config

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own, and its only way to be told."""
FOLDER = "metrics"


def share_counts(config: Config) -> None:
    """Begin with no counts: before any process of this server is made."""
    # Two servers may share DATA_DIR, but not a port.
    folder = config.make_data_dir() / FOLDER / str(config.port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[VARIABLE] = str(folder)


def forget_process(pid: int) -> None:
    """What a process that ended counted stays; what it was at work on does not."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415  # see the package

    if Path(os.environ[VARIABLE]).is_dir():
        mark_process_dead(pid)  # type: ignore[no-untyped-call]  # the library left it out
