"""Where Chromium is on this machine, and how it is started."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""Names under which systems install it."""

PLAYWRIGHT_HOMES = {"darwin": "Library/Caches/ms-playwright", "linux": ".cache/ms-playwright"}
PLAYWRIGHT_BUILDS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
"""Where `playwright install chromium` puts it."""

ADVICE = "install Chromium, run `playwright install chromium`, or set BROWSER_PATH"


NONE = "none"
"""What the operator writes to do without."""


def find_chromium(path: str = "", builds: str = "") -> Path | None:
    """Look where the operator says, else among Playwright's own builds, else among the system's programs."""
    if path.lower() == NONE:
        return None
    if path:
        return Path(path)
    usual = Path.home() / PLAYWRIGHT_HOMES.get(sys.platform, PLAYWRIGHT_HOMES["linux"])
    home = Path(builds) if builds else usual
    built = [build for pattern in PLAYWRIGHT_BUILDS for build in home.glob(pattern)]
    if built:
        return max(built, key=lambda build: build.stat().st_mtime)
    found = next(filter(None, map(shutil.which, COMMANDS)), None)
    return Path(found) if found else None


def chromium_of(settings: BaseSettings) -> Path | None:
    """Find the one that a crawl with these settings uses."""
    return find_chromium(settings.get("BROWSER_PATH", ""), settings.get("BROWSER_BUILDS", ""))


def launch_options(chromium: Path, settings: BaseSettings) -> dict[str, Any]:
    """Say how Playwright is to start it."""
    flags = list(settings.getlist("BROWSER_FLAGS"))
    if os.name == "posix" and os.geteuid() == 0:
        # Chromium refuses to run as root with its sandbox; everybody else keeps the sandbox.
        flags.append("--no-sandbox")
    return {
        "executable_path": str(chromium),
        "headless": settings.getbool("BROWSER_HEADLESS", True),
        "args": flags,
        # Signals are Scrapy's to answer: the first Ctrl-C ends visits in good order.
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
    }
