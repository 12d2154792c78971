"""The pins are exact and complete, and what we import is what we ask for."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.paths import ROOMS, ROOT

RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
OPTIONAL = ROOT / "requirements-tls.txt"


def requirements(path: Path) -> list[Requirement]:
    lines = (line.split(" #")[0].strip() for line in path.read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def names(path: Path) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements(path)}


def imports_of(room: str) -> Iterator[str]:
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                yield node.module.partition(".")[0]


@cache
def needs_by_distribution() -> dict[str, list[Requirement]]:
    return {
        canonicalize_name(one.name): [Requirement(text) for text in one.requires or ()]
        for one in distributions()
    }


@cache
def distributions_by_module() -> dict[str, set[str]]:
    return {
        module: {canonicalize_name(name) for name in names}
        for module, names in packages_distributions().items()
    }


@pytest.mark.parametrize("path", [RUNTIME, DEVELOPMENT, OPTIONAL], ids=lambda path: path.name)
def test_every_pin_names_one_exact_version(path: Path) -> None:
    loose = [
        str(pin) for pin in requirements(path) if [clause.operator for clause in pin.specifier] != ["=="]
    ]

    assert loose == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*")), ids=lambda path: path.name)
def test_no_requirement_file_names_a_host(path: Path) -> None:
    assert "://" not in path.read_text()


@pytest.mark.parametrize("path", [RUNTIME, DEVELOPMENT, OPTIONAL], ids=lambda path: path.name)
def test_pins_hold_all_that_the_direct_requirements_pull_in(path: Path) -> None:
    pinned = names(RUNTIME) | names(path)
    missing = set()

    for name in pinned & needs_by_distribution().keys():
        for needed in needs_by_distribution()[name]:
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                missing |= {canonicalize_name(needed.name)} - pinned

    assert missing == set()
    assert names(path.with_suffix(".in")) <= pinned


def test_direct_requirements_are_met_by_their_pins() -> None:
    pins = {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in requirements(RUNTIME)
    }

    unmet = [
        str(wish)
        for wish in requirements(ROOT / "requirements.in")
        if pins[canonicalize_name(wish.name)] not in wish.specifier
    ]

    assert unmet == []


def test_what_the_project_is_built_on_is_asked_for_by_name() -> None:
    """These are part of what it is: whoever knows them finds their way."""
    foundations = {
        "scrapy", "scrapy-playwright", "scrapyd", "tiktokapi",
        "flask", "flask-smorest", "flask-jwt-extended",
        "sqlalchemy", "pymysql", "redis", "google-api-python-client",
    }  # fmt: skip

    assert foundations - names(ROOT / "requirements.in") == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_is_asked_for_by_name(room: str) -> None:
    direct = (
        names(ROOT / "requirements.in")
        | names(ROOT / "requirements-tls.in")
        | {
            "twisted",
            "itemadapter",
        }
    )  # Scrapy's interface consists of them

    foreign = {name for name in imports_of(room) if name not in sys.stdlib_module_names and name not in ROOMS}

    # What is optional may be absent; then its module is taken to be called like it.
    strangers = {
        name
        for name in foreign
        if not direct & distributions_by_module().get(name, {canonicalize_name(name)})
    }
    assert strangers == set()
