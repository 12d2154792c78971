"""Whether a command that a document or a container names would run: its program, module, spider, arguments."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from importlib.metadata import entry_points
from itertools import pairwise
from pathlib import Path

from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.misc import walk_modules_iter

from crawler.spiders.base import TikTokSpider
from store.config import Config
from tests.house.paths import ROOT

FOREIGN_PROGRAMS = frozenset({"cd", "docker", "git", "sqlite3", "curl", "mysqladmin", "redis-cli"})
"""Programs of others that our documents may name."""
OF_THE_TESTS = frozenset(
    {"CAPTURES_DIR", "CONTRACTS_DIR", "PICTURES_DIR", "REQUIRE_SERVICES", "YT_DLP", "MITMDUMP"}
)
"""Variables that only the tests read."""
OF_EXAMPLES = frozenset({"API_KEY", "API_URL"})
"""Variables that examples set for the lines that follow."""
OF_SETUP = frozenset({"PYTHON"})
ASSIGNMENT = re.compile(r"[A-Z][A-Z0-9_]*=")


def settings_variables() -> set[str]:
    """Name all environment variables that the project reads."""
    return {field.name.upper() for field in fields(Config)}


@cache
def spiders() -> dict[str, type[TikTokSpider]]:
    settings = Settings()
    settings.setmodule("crawler.settings")
    loader = SpiderLoader.from_settings(settings)
    loaded = {name: loader.load(name) for name in loader.list()}
    return {name: spider for name, spider in loaded.items() if issubclass(spider, TikTokSpider)}


@cache
def scrapy_commands() -> set[str]:
    modules = [*walk_modules_iter("scrapy.commands"), *walk_modules_iter("crawler.commands")]
    return {module.__name__.rpartition(".")[2] for module in modules}


def problems_of(line: str) -> Iterator[str]:
    """Say why a line of shell would not run."""
    words = shlex.split(line.removeprefix("export "), comments=True)
    while words and ASSIGNMENT.match(words[0]):
        name = words.pop(0).partition("=")[0]
        if name not in settings_variables() | OF_THE_TESTS | OF_EXAMPLES | OF_SETUP:
            yield f"{name} is no setting"
    if words:
        yield from _problems_of_program(words[0].removeprefix(".venv/bin/"), words[1:])


def _problems_of_program(program: str, arguments: list[str]) -> Iterator[str]:
    if program.startswith(("bin/", ".ci/", "docs/examples/")):
        yield from _problems_of_script(ROOT / program, arguments)
    elif program == "python":
        yield from _problems_of_python(arguments)
    elif program == "scrapy":
        yield from _problems_of_scrapy(arguments)
    elif program not in FOREIGN_PROGRAMS | set(entry_points(group="console_scripts").names):
        yield f"no program {program}"


def _problems_of_script(path: Path, arguments: list[str]) -> Iterator[str]:
    if not path.is_file() or not path.stat().st_mode & 0o100:
        yield f"{path} is no script"
        return
    text = path.read_text()
    for word in arguments:
        if (
            word.startswith("--") and word not in text and path.name != "test"
        ):  # which passes all on to pytest
            yield f"bin/{path.name} does not mention {word}"


def _problems_of_python(arguments: list[str]) -> Iterator[str]:
    if arguments[0] == "-m":
        spec = importlib.util.find_spec(arguments[1])
        if spec is None:
            yield f"no module {arguments[1]}"
        elif spec.submodule_search_locations and importlib.util.find_spec(f"{arguments[1]}.__main__") is None:
            yield f"{arguments[1]} can't be run"
    elif not (ROOT / arguments[0]).is_file():
        yield f"no file {arguments[0]}"


def _problems_of_scrapy(arguments: list[str]) -> Iterator[str]:
    if arguments[0] not in scrapy_commands():
        yield f"scrapy has no command {arguments[0]}"
    if arguments[0] != "crawl":
        return
    if arguments[1] not in spiders():
        yield f"no spider {arguments[1]}"
        return
    declared = {argument.name for argument in spiders()[arguments[1]].declared_arguments()}
    for flag, value in pairwise(arguments):
        if flag == "-a" and value.partition("=")[0] not in declared:
            yield f"spider {arguments[1]} has no argument {value.partition('=')[0]}"
