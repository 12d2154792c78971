"""What import-linter can't say about the rooms."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.paths import ROOMS, ROOT

MODULES = sorted(path for room in (*ROOMS, "benchmarks", "deploy") for path in (ROOT / room).rglob("*.py"))
MAY_HELP_KNOWLEDGE = {"orjson", "parsel", "tiktok"}
DOES_IO = {
    "asyncio",
    "http",
    "multiprocessing",
    "select",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "urllib.request",
}
SAY_NOTHING = {"utils", "helpers", "manager", "data", "info", "obj", "misc", "common"}


def imports_of(module: Path) -> Iterator[str]:
    """Give the full names of the modules that are imported."""
    for node in ast.walk(ast.parse(module.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_knowledge_needs_only_orjson_and_parsel_and_does_no_io() -> None:
    imports = {name for module in (ROOT / "tiktok").rglob("*.py") for name in imports_of(module)}

    strangers = {
        name for name in imports if name.partition(".")[0] not in sys.stdlib_module_names | MAY_HELP_KNOWLEDGE
    }
    doers = {name for name in imports if name in DOES_IO or name.partition(".")[0] in DOES_IO}

    assert (strangers, doers) == (set(), set())


def test_every_module_says_what_it_is_for() -> None:
    texts = {module: module.read_text(encoding="utf-8") for module in MODULES}

    silent = [
        module for module, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))
    ]

    assert silent == []


def test_no_module_s_name_could_be_any_module_s() -> None:
    assert [module for module in MODULES if {module.stem, module.parent.name} & SAY_NOTHING] == []
